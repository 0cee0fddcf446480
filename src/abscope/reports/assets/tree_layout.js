// A tree as coordinates: pure functions of its columns (parents, lengths) and how it is to be seen.
(() => {
  "use strict";

  // Children, the tips in the order drawn, and for each node the first and last of its tips.
  function grown(parents) {
    const children = parents.map(() => []);
    for (let node = 1; node < parents.length; node += 1) children[parents[node]].push(node);
    const tips = [];
    const first = new Int32Array(parents.length);
    const last = new Int32Array(parents.length);
    const stack = [0];
    const order = [];
    while (stack.length) {
      const node = stack.pop();
      order.push(node);
      first[node] = tips.length;
      if (!children[node].length) tips.push(node);
      else for (let k = children[node].length - 1; k >= 0; k -= 1) stack.push(children[node][k]);
    }
    for (let k = order.length - 1; k >= 0; k -= 1) {
      const node = order[k];
      last[node] = children[node].length ? last[children[node].at(-1)] : first[node];
    }
    return { parents, children, tips, order, first, last };
  }

  // How deep every node of a clade lies below its top: in SNPs, or with branches of equal length.
  function depths(tree, lengths, top, equal) {
    const depth = new Float64Array(tree.parents.length);
    const height = new Int32Array(tree.parents.length);
    const inside = tree.order.filter((node) => tree.first[node] >= tree.first[top] && tree.last[node] <= tree.last[top] && within(tree, node, top));
    if (equal) {
      for (const node of [...inside].reverse()) {
        if (node !== top) height[tree.parents[node]] = Math.max(height[tree.parents[node]], height[node] + 1);
      }
      for (const node of inside) depth[node] = height[top] - height[node];
    } else {
      for (const node of inside) if (node !== top) depth[node] = depth[tree.parents[node]] + lengths[node];
    }
    return { inside, depth, deepest: inside.reduce((most, node) => Math.max(most, depth[node]), 0) };
  }

  // Nodes above a clade that has no other tips share its first and last.
  function within(tree, node, top) {
    if (tree.first[node] !== tree.first[top] || tree.last[node] !== tree.last[top]) return true;
    for (let up = node; up >= 0; up = tree.parents[up]) if (up === top) return true;
    return false;
  }

  // From left to right: x by depth, y by the middle of the first and last child.
  function rectangle(tree, lengths, { top, equal, left, right, head, row }) {
    const { inside, depth, deepest } = depths(tree, lengths, top, equal);
    const unit = deepest > 0 ? (right - left) / deepest : 0;
    const x = new Float64Array(tree.parents.length);
    const y = new Float64Array(tree.parents.length);
    for (let k = inside.length - 1; k >= 0; k -= 1) {
      const node = inside[k];
      const below = tree.children[node];
      x[node] = left + unit * depth[node];
      y[node] = below.length ? (y[below[0]] + y[below.at(-1)]) / 2 : head + row * (tree.first[node] - tree.first[top] + 0.5);
    }
    return { inside, x, y, unit };
  }

  // Around a circle: the angle in place of the height.
  function circle(tree, lengths, { top, equal, middle, inner, outer }) {
    const { inside, depth, deepest } = depths(tree, lengths, top, equal);
    const unit = deepest > 0 ? (outer - inner) / deepest : 0;
    const number = tree.last[top] - tree.first[top] + 1;
    const angle = new Float64Array(tree.parents.length);
    const radius = new Float64Array(tree.parents.length);
    const x = new Float64Array(tree.parents.length);
    const y = new Float64Array(tree.parents.length);
    for (let k = inside.length - 1; k >= 0; k -= 1) {
      const node = inside[k];
      const below = tree.children[node];
      angle[node] = below.length ? (angle[below[0]] + angle[below.at(-1)]) / 2 : (2 * Math.PI * 0.97 * (tree.first[node] - tree.first[top] + 0.5)) / number;
      radius[node] = inner + unit * depth[node];
      x[node] = middle + radius[node] * Math.sin(angle[node]);
      y[node] = middle - radius[node] * Math.cos(angle[node]);
    }
    return { inside, x, y, unit, angle, radius };
  }

  const at = (value) => value.toFixed(1);

  // All branches as two paths: those to be relied on, and the weak.
  function branches(tree, placed, top, weak) {
    const sure = [];
    const doubtful = [];
    for (const node of placed.inside) {
      if (node === top) continue;
      const up = tree.parents[node];
      (weak(node) ? doubtful : sure).push(placed.angle ? spoke(placed, node, up) : `M${at(placed.x[up])} ${at(placed.y[node])}H${at(placed.x[node])}`);
      if (node !== tree.children[up][0]) continue;
      const end = tree.children[up].at(-1);
      sure.push(placed.angle ? arc(placed, node, end, up) : `M${at(placed.x[up])} ${at(placed.y[node])}V${at(placed.y[end])}`);
    }
    return [sure.join(""), doubtful.join("")];
  }

  function spoke({ x, y, angle, radius }, node, up) {
    const middle = [x[node] - radius[node] * Math.sin(angle[node]), y[node] + radius[node] * Math.cos(angle[node])];
    const from = [middle[0] + radius[up] * Math.sin(angle[node]), middle[1] - radius[up] * Math.cos(angle[node])];
    return `M${at(from[0])} ${at(from[1])}L${at(x[node])} ${at(y[node])}`;
  }

  function arc({ x, y, angle, radius }, node, end, up) {
    const middle = [x[up] - radius[up] * Math.sin(angle[up]), y[up] + radius[up] * Math.cos(angle[up])];
    const point = (one) => `${at(middle[0] + radius[up] * Math.sin(angle[one]))} ${at(middle[1] - radius[up] * Math.cos(angle[one]))}`;
    const large = angle[end] - angle[node] > Math.PI ? 1 : 0;
    return `M${point(node)}A${at(radius[up])} ${at(radius[up])} 0 ${large} 1 ${point(end)}`;
  }

  // The smallest clade that holds all of these tips (places in the order drawn).
  function common(tree, places) {
    const low = Math.min(...places);
    const high = Math.max(...places);
    let node = tree.tips[low];
    while (node > 0 && tree.last[node] < high) node = tree.parents[node];
    return node;
  }

  // 1, 2 or 5 times a power of ten, at most a quarter of the whole.
  function step(whole) {
    const power = 10 ** Math.floor(Math.log10(whole / 4));
    return [5, 2, 1].map((k) => k * power).find((size) => size <= whole / 4);
  }

  window.abscopeTree = { grown, rectangle, circle, branches, common, step };
})();
