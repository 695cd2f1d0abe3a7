//! A connection on which nothing is waited for longer than was agreed. It must not know any table.

use super::StoreError;
use sqlx::{
    Any, AnyConnection, Describe, Either, Execute, Executor, SqlStr,
    any::{AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo},
    pool::PoolConnection,
};
use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep, sleep_until, timeout_at};

/// How long the answers of one connection may take.
#[derive(Clone, Copy, Debug)]
pub(super) enum Limit {
    /// All of them together: until then a request is answered, one way or the other.
    Until(Instant),
    /// Each of them, where nobody waits for the whole.
    Each(Duration),
}

impl Limit {
    /// All answers together, counted from now.
    pub(super) fn together(duration: Duration) -> Self {
        // No clock is read here that a test could not stop: tokio's own timer says what time it is.
        Self::Until(sleep(duration).deadline())
    }

    /// When an answer to what is asked now comes too late.
    pub(super) fn end(self) -> Instant {
        match self {
            Self::Until(end) => end,
            Self::Each(duration) => sleep(duration).deadline(),
        }
    }
}

/// A connection of a pool, for one request or one piece of work.
///
/// PostgreSQL ends statements by itself that take too long or wait too long for a lock, but only while it runs: one that
/// hangs, or a network that swallows everything, has to be given up from this side.
///
/// Whoever gives up, or goes away, in the middle of an answer leaves the connection in a state that nobody knows. It is
/// then closed instead of going back to its pool.
#[derive(Debug)]
pub(crate) struct Connection {
    pooled: PoolConnection<Any>,
    limit: Limit,
    state: State,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// An answer has begun and not come to its end.
    is_answering: bool,
    /// A statement failed.
    has_failed: bool,
    /// Whatever happens, the connection is not used again.
    is_condemned: bool,
}

impl Connection {
    pub(super) fn new(pooled: PoolConnection<Any>, limit: Limit) -> Self {
        Self { pooled, limit, state: State::default() }
    }

    /// What the connection leads to, without any limit: for what is asked at a start.
    pub(super) fn unlimited(&mut self) -> &mut AnyConnection {
        &mut self.pooled
    }

    pub(super) fn backend_name(&self) -> &str {
        self.pooled.backend_name()
    }

    /// Has the connection closed once it is dropped.
    pub(super) fn condemn(&mut self) {
        self.state.is_condemned = true;
    }

    /// Whether a statement on it failed.
    pub(super) fn has_failed(&self) -> bool {
        self.state.has_failed
    }

    /// Gives all that follows this long from now on.
    pub(super) fn allow(&mut self, duration: Duration) {
        self.limit = Limit::together(duration);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.state.is_condemned || self.state.is_answering {
            self.pooled.close_on_drop();
        }
    }
}

/// What is said where an answer did not come in time.
pub(super) fn too_late() -> sqlx::Error {
    sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "no answer in time"))
}

/// Waits for something of the database, but not beyond a moment.
pub(super) async fn in_time<T, E: Into<StoreError>>(
    end: Instant,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, StoreError> {
    timeout_at(end, work).await.map_err(|_| StoreError::from(too_late()))?.map_err(Into::into)
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, sqlx::Error>> + Send + 'a>>;
type Piece = Result<Either<AnyQueryResult, AnyRow>, sqlx::Error>;
type Pieces<'a> = Pin<Box<dyn futures_core::Stream<Item = Piece> + Send + 'a>>;

impl<'c> Executor<'c> for &'c mut Connection {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> Pieces<'e>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let end = self.limit.end();
        let Connection { pooled, state, .. } = self;
        state.is_answering = true;
        let pieces = (&mut **pooled).fetch_many(query);
        Box::pin(InTime { pieces, end: Box::pin(sleep_until(end)), state })
    }

    fn fetch_optional<'e, 'q: 'e, E>(self, query: E) -> Answer<'e, Option<AnyRow>>
    where
        'c: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let end = self.limit.end();
        let Connection { pooled, state, .. } = self;
        Box::pin(answer(state, end, (&mut **pooled).fetch_optional(query)))
    }

    fn prepare_with<'e>(self, sql: SqlStr, parameters: &'e [AnyTypeInfo]) -> Answer<'e, AnyStatement>
    where
        'c: 'e,
    {
        let end = self.limit.end();
        let Connection { pooled, state, .. } = self;
        Box::pin(answer(state, end, (&mut **pooled).prepare_with(sql, parameters)))
    }

    fn describe<'e>(self, sql: SqlStr) -> Answer<'e, Describe<Any>>
    where
        'c: 'e,
    {
        let end = self.limit.end();
        let Connection { pooled, state, .. } = self;
        Box::pin(answer(state, end, (&mut **pooled).describe(sql)))
    }
}

async fn answer<T>(
    state: &mut State,
    end: Instant,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    state.is_answering = true;
    let answer = timeout_at(end, work).await;
    state.is_answering = answer.is_err();
    let answer = answer.unwrap_or_else(|_| Err(too_late()));
    state.has_failed |= answer.is_err();
    answer
}

/// The pieces of an answer, as long as they come in time.
struct InTime<'a> {
    pieces: Pieces<'a>,
    end: Pin<Box<Sleep>>,
    state: &'a mut State,
}

impl futures_core::Stream for InTime<'_> {
    type Item = Piece;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Piece>> {
        let this = self.get_mut();
        if let Poll::Ready(piece) = this.pieces.as_mut().poll_next(context) {
            let has_failed = matches!(piece, Some(Err(_)));
            this.state.has_failed |= has_failed;
            this.state.is_answering = piece.is_some() && !has_failed;
            return Poll::Ready(piece);
        }
        std::task::ready!(this.end.as_mut().poll(context));
        this.state.has_failed = true;
        Poll::Ready(Some(Err(too_late())))
    }
}
