//! Cycles in a graph of any shape.

use std::collections::{HashSet, VecDeque};

/// Cycles through at least two nodes, up to `most`: for every edge that lies on one, a shortest one through it.
///
/// `edges` holds the targets of each node, all of them below its length. Each cycle is given once, from its
/// lowest node on. A graph can have more cycles than could ever be listed; these are enough to see every
/// edge that takes part in one.
pub(super) fn cycles(edges: &[Vec<usize>], most: usize) -> Vec<Vec<usize>> {
    let component = components(edges);
    let mut covered = HashSet::new();
    let mut found = Vec::new();
    for (from, targets) in edges.iter().enumerate() {
        for to in targets.iter().copied() {
            if found.len() >= most {
                return found;
            }
            if from == to || component[from] != component[to] || covered.contains(&(from, to)) {
                continue;
            }
            let mut cycle = shortest(edges, to, from);
            let ends = cycle.iter().copied().zip(cycle.iter().copied().cycle().skip(1));
            covered.extend(ends);
            let lowest = cycle.iter().enumerate().min_by_key(|(_, node)| **node).map_or(0, |(place, _)| place);
            cycle.rotate_left(lowest);
            found.push(cycle);
        }
    }
    found
}

/// The nodes of a shortest way, both ends included; empty if there is none.
fn shortest(edges: &[Vec<usize>], from: usize, to: usize) -> Vec<usize> {
    let mut before = vec![None; edges.len()];
    let mut queue = VecDeque::from([from]);
    while let Some(node) = queue.pop_front() {
        if node == to {
            // The start has no node before it, so the way back ends there.
            let mut way: Vec<usize> = std::iter::successors(Some(to), |node| before[*node]).collect();
            way.reverse();
            return way;
        }
        for next in edges[node].iter().copied() {
            if next != from && before[next].is_none() {
                before[next] = Some(node);
                queue.push_back(next);
            }
        }
    }
    Vec::new()
}

/// A number for each node, the same for two nodes that can be reached from each other (Kosaraju). Without
/// recursion: a chain can be as long as the catalogue.
fn components(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut finished = Vec::with_capacity(edges.len());
    let mut seen = vec![false; edges.len()];
    for root in 0..edges.len() {
        if std::mem::replace(&mut seen[root], true) {
            continue;
        }
        let mut way = vec![(root, 0)];
        while let Some((node, next)) = way.last_mut() {
            if let Some(to) = edges[*node].get(*next).copied() {
                *next += 1;
                if !std::mem::replace(&mut seen[to], true) {
                    way.push((to, 0));
                }
            } else {
                finished.push(*node);
                way.pop();
            }
        }
    }
    let mut reversed = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for to in targets {
            reversed[*to].push(from);
        }
    }
    let mut component = vec![None; edges.len()];
    for root in finished.into_iter().rev() {
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if component[node].is_none() {
                component[node] = Some(root);
                open.extend(reversed[node].iter().filter(|other| component[**other].is_none()));
            }
        }
    }
    component.into_iter().map(Option::unwrap_or_default).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_edge_on_a_cycle_is_shown() {
        let chain: Vec<Vec<usize>> = (1..=10_000).map(|next| if next < 10_000 { vec![next] } else { vec![] }).collect();
        let ring: Vec<Vec<usize>> = (1..=10_000).map(|next| vec![next % 10_000]).collect();
        let all: Vec<Vec<usize>> = (0..300).map(|_| (0..300).collect()).collect();
        for (name, edges, expected) in [
            ("none", vec![], vec![]),
            ("a node to itself", vec![vec![0]], vec![]),
            ("a tree", vec![vec![1, 2], vec![], vec![1]], vec![]),
            ("two nodes", vec![vec![1], vec![0]], vec![vec![0, 1]]),
            ("named twice", vec![vec![1, 1], vec![0]], vec![vec![0, 1]]),
            ("entered from outside", vec![vec![2], vec![2], vec![1]], vec![vec![1, 2]]),
            ("against the order of the file", vec![vec![2], vec![0], vec![1]], vec![vec![0, 2, 1]]),
            ("apart", vec![vec![1], vec![0], vec![3], vec![2]], vec![vec![0, 1], vec![2, 3]]),
            ("joined by an edge", vec![vec![1], vec![0, 2], vec![3], vec![2]], vec![vec![0, 1], vec![2, 3]]),
            ("sharing a node", vec![vec![1], vec![0, 2], vec![1]], vec![vec![0, 1], vec![1, 2]]),
            ("a short cut", vec![vec![1, 2], vec![2], vec![0]], vec![vec![0, 1, 2], vec![0, 2]]),
            ("a long chain", chain, vec![]),
            ("a long ring", ring, vec![(0..10_000).collect()]),
        ] {
            assert_eq!(cycles(&edges, 10), expected, "{name}");
        }
        assert_eq!(cycles(&all, 10).len(), 10, "every node to every other");
    }
}
