#!/usr/bin/env bash
# minimap2 | samtools | bcftools at its leanest, from Debian's programs; two halves piled up at once.
# usage: minimap2.sh REFERENCE.fa R1 R2 FOLDER THREADS
set -euo pipefail
reference=$1 reads1=$2 reads2=$3 out=$4 threads=$5

mkdir -p "$out/chunks"
cp "$reference" "$out/ref.fa"
samtools faidx "$out/ref.fa"
minimap2 -ax sr -t "$threads" "$out/ref.fa" "$reads1" "$reads2" \
  | samtools sort -l 1 --threads "$threads" -m 500M -T "$out/by_place" -o "$out/snps.bam" -
samtools index "$out/snps.bam"

awk -v parts="$threads" '
  { names[NR] = $1; sizes[NR] = $2; total += $2 }
  END {
    step = int(total / parts) + 1
    for (i = 1; i <= NR; i++)
      for (start = 1; start <= sizes[i]; start += step)
        printf "%04d %s:%d-%d\n", ++n, names[i], start, start + step - 1
  }' "$out/ref.fa.fai" > "$out/regions.txt"
export out
xargs -P "$threads" -L 1 bash -c 'bcftools mpileup -q 60 -Q 13 -a AD,DP -Ou -r "$1" \
  -f "$out/ref.fa" "$out/snps.bam" | bcftools call -mv --ploidy 1 -Ob -o "$out/chunks/$0.bcf"' \
  < "$out/regions.txt"
bcftools concat "$out"/chunks/*.bcf -Ou \
  | bcftools view -i 'QUAL>=100 && FMT/DP>=10 && FMT/AD[0:1]/FMT/DP>=0.9' > "$out/snps.vcf"
