//! A connection with a time limit for every answer. It must not know any table.

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

/// The time limit for the answers on one connection.
#[derive(Clone, Copy, Debug)]
pub(super) enum Limit {
    /// All answers together: the request must have its answer by this time.
    Until(Instant),
    /// Each answer, for background work, which has no limit for the whole.
    Each(Duration),
}

impl Limit {
    /// A limit for all answers together, which starts now.
    pub(super) fn together(duration: Duration) -> Self {
        // Reads the time from tokio's timer, which a test can pause, not from the machine's clock.
        Self::Until(sleep(duration).deadline())
    }

    /// The deadline for the answer to a statement that is sent now.
    pub(super) fn end(self) -> Instant {
        match self {
            Self::Until(end) => end,
            Self::Each(duration) => sleep(duration).deadline(),
        }
    }
}

/// A connection of a pool, for one request or one piece of background work.
///
/// PostgreSQL itself ends statements that take too long or wait too long for a lock, but only while it responds. If the
/// server hangs or the network drops every packet, the time limit on this side must end the wait.
///
/// If the caller is cancelled or reaches its time limit in the middle of an answer, the connection is in an unknown
/// state. It is then closed instead of going back to its pool.
#[derive(Debug)]
pub(crate) struct Connection {
    pooled: PoolConnection<Any>,
    limit: Limit,
    state: State,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// An answer has begun and not ended.
    is_answering: bool,
    /// A statement failed.
    has_failed: bool,
    /// The connection must not be used again.
    is_condemned: bool,
}

impl Connection {
    pub(super) fn new(pooled: PoolConnection<Any>, limit: Limit) -> Self {
        Self { pooled, limit, state: State::default() }
    }

    /// The underlying connection without a time limit, for statements at start-up.
    pub(super) fn unlimited(&mut self) -> &mut AnyConnection {
        &mut self.pooled
    }

    pub(super) fn backend_name(&self) -> &str {
        self.pooled.backend_name()
    }

    /// Closes the connection when it is dropped.
    pub(super) fn condemn(&mut self) {
        self.state.is_condemned = true;
    }

    /// Whether a statement on this connection failed.
    pub(super) fn has_failed(&self) -> bool {
        self.state.has_failed
    }

    /// Replaces the limit: everything that follows must end within this duration from now.
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

/// The error for an answer that did not come in time.
pub(super) fn too_late() -> sqlx::Error {
    sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, "no answer in time"))
}

/// Waits for the database, at most until the deadline.
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

/// The rows of an answer, as long as they arrive in time.
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
