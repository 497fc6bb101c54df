//! The known word somebody probably meant.

/// The closest of `known` to `word`, if it is close enough to be a slip of the fingers: at most a third of its letters
/// differ, and always up to two. Of equally close ones the first wins.
pub fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let close_enough = (word.chars().count() / 3).max(2);
    known
        .iter()
        .map(|candidate| (distance(word, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= close_enough && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many letters must be changed, added, removed or exchanged with their neighbour.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for row in 1..=left.len() {
        let mut current = vec![row];
        for column in 1..=right.len() {
            let changed = usize::from(left[row - 1] != right[column - 1]);
            let mut cost = (last[column] + 1).min(current[column - 1] + 1).min(last[column - 1] + changed);
            let exchanged =
                row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1];
            if exchanged {
                cost = cost.min(before_last[column - 2] + 1);
            }
            current.push(cost);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_changes_additions_removals_and_exchanges() {
        assert_eq!(distance("", "demo"), 4);
        assert_eq!(distance("demo", "demo"), 0);
        assert_eq!(distance("demos", "demo"), 1);
        assert_eq!(distance("tset", "test"), 1);
        assert_eq!(distance("--prot", "--port"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn finds_a_slip_and_leaves_a_stranger_alone() {
        let known = ["demo", "test", "bench", "help"];
        assert_eq!(nearest("tset", &known), Some("test"));
        assert_eq!(nearest("benhc", &known), Some("bench"));
        assert_eq!(nearest("deploy-everything", &known), None);
        assert_eq!(nearest("", &known), None);
    }
}
