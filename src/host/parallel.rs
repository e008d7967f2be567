//! Work on many things at once, whose results come in the order of the things.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A tree of values is walked by recursion, and a thread's own stack is small.
const STACK: usize = 16 * 1024 * 1024;

/// How many threads work.
pub(crate) fn threads(wanted: Option<usize>) -> usize {
    let processors = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    wanted.unwrap_or_else(processors).clamp(1, 64)
}

/// The results of `work` for all items, in the order of the items.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], threads: usize, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    // Some at once, so that the threads seldom meet; few enough that none is left with much to do at the end.
    let chunks: Vec<&[T]> = items.chunks((items.len() / (threads * 64)).clamp(1, 32)).collect();
    let next = AtomicUsize::new(0);
    let take = || {
        let mut done: Vec<(usize, Vec<R>)> = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(chunk) = chunks.get(index) else { return done };
            done.push((index, chunk.iter().map(&work).collect()));
        }
    };
    let mut done: Vec<(usize, Vec<R>)> = thread::scope(|scope| {
        let helpers: Vec<_> = (1..threads.min(chunks.len()))
            .filter_map(|_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, take).ok())
            .collect();
        let mut done = take();
        for helper in helpers {
            match helper.join() {
                Ok(mut of_helper) => done.append(&mut of_helper),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().flat_map(|(_, results)| results).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<usize> = (0..1000).collect();
        for threads in [1, 2, 7] {
            assert_eq!(map(&items, threads, |item| item * 2), (0..2000).step_by(2).collect::<Vec<_>>());
        }
    }
}
