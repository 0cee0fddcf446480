#!/usr/bin/env bash
# What snippy 4.6 does with paired reads, with its default settings, from Debian's programs:
# bwa mem | samclip | fixmate, markdup | freebayes (as diploid, chunks in parallel) | filters.
# Ends with snps.bam, snps.raw.vcf, snps.filt.vcf and depth.tsv (for the aligned consensus).
# usage: snippy.sh REFERENCE.fa R1 R2 FOLDER THREADS
set -euo pipefail
reference=$1 reads1=$2 reads2=$3 out=$4 threads=$5

mkdir -p "$out/chunks"
cp "$reference" "$out/ref.fa"
samtools faidx "$out/ref.fa"
bwa index "$out/ref.fa"

sort="-l 0 --threads $threads -m 1000M"
bwa mem -Y -M -R '@RG\tID:snps\tSM:snps' -t "$threads" "$out/ref.fa" "$reads1" "$reads2" \
  | samclip --max 10 --ref "$out/ref.fa.fai" \
  | samtools sort -n $sort -T "$out/by_name" \
  | samtools fixmate -m --threads "$threads" - - \
  | samtools sort $sort -T "$out/by_place" \
  | samtools markdup -T "$out/markdup" --threads "$threads" -r -s - - > "$out/snps.bam"
samtools index "$out/snps.bam"

# Four chunks a thread, as snippy cuts the genome.
awk -v parts=$((threads * 4)) '
  { names[NR] = $1; sizes[NR] = $2; total += $2 }
  END {
    step = int(total / parts) + 1; if (step < 1000) step = 1000
    for (i = 1; i <= NR; i++)
      for (start = 0; start < sizes[i]; start += step)
        printf "%04d %s:%d-%d\n", ++n, names[i], start, start + step < sizes[i] ? start + step : sizes[i]
  }' "$out/ref.fa.fai" > "$out/regions.txt"
export out
xargs -P "$threads" -L 1 bash -c 'freebayes -p 2 -P 0 -C 2 -F 0.05 --min-coverage 10 \
  --min-repeat-entropy 1.0 -q 13 -m 60 --strict-vcf -f "$out/ref.fa" -r "$1" "$out/snps.bam" \
  > "$out/chunks/$0.vcf"' < "$out/regions.txt"
bcftools concat --no-version "$out"/chunks/*.vcf > "$out/snps.raw.vcf"

bcftools view --no-version --include \
  'FMT/GT="1/1" && QUAL>=100 && FMT/DP>=10 && (FMT/AO)/(FMT/DP)>=0' \
  "$out/snps.raw.vcf" > "$out/snps.filt.vcf"
samtools depth -aa -q 13 -Q 60 "$out/snps.bam" > "$out/depth.tsv"
