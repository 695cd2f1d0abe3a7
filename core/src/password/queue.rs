//! The queue before password hashing: bounded, with lanes and shares, so that one account cannot keep the others waiting. It
//! must not know what is done when it is somebody's turn.

use crate::domain::{account::AccountId, member::MemberId, network::Network};
use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{Notify, oneshot},
    time::timeout,
};

/// How many checks of one member may run or wait at once in a lane: one, and one that a second tab asks for.
const SHARE_OF_MEMBER: usize = 2;
/// How many of one account or one network may run or wait at once in a lane.
const SHARE_OF_GROUP: usize = 16;

/// Whoever needs a password hashed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Requester<'a> {
    /// A member in a dialog of a live session.
    Session(&'a AccountId, &'a MemberId),
    /// A browser that has signed the member in before.
    KnownDevice(&'a AccountId, &'a MemberId),
    /// Anybody else, by where they come from. Not by whose password they try: that would let a stranger use up the share of a
    /// member.
    Stranger(Option<IpAddr>),
}

/// Each lane has turns of its own, so that no number of strangers delays a dialog of a live session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LaneName {
    Dialogs,
    KnownDevices,
    Strangers,
}

impl Requester<'_> {
    const fn lane(&self) -> LaneName {
        match self {
            Self::Session(..) => LaneName::Dialogs,
            Self::KnownDevice(..) => LaneName::KnownDevices,
            Self::Stranger(_) => LaneName::Strangers,
        }
    }

    /// Those who take turns with each other.
    fn group(&self) -> String {
        match self {
            Self::Session(account, _) | Self::KnownDevice(account, _) => account.as_str().to_owned(),
            Self::Stranger(address) => {
                address.map(|address| Network::of(address).to_string()).unwrap_or_default()
            }
        }
    }

    fn member(&self) -> Option<String> {
        match self {
            Self::Session(_, member) | Self::KnownDevice(_, member) => Some(member.as_str().to_owned()),
            Self::Stranger(_) => None,
        }
    }
}

/// As many as may are waiting already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Full;

/// The three lanes. Clones share them.
#[derive(Clone)]
pub(super) struct Queue {
    dialogs: Lane,
    known_devices: Lane,
    strangers: Lane,
}

impl Queue {
    /// Gives `parallel` turns at once to dialogs and half as many to each other lane, at least one, and lets `waiting` more wait
    /// in each lane.
    pub(super) fn new(parallel: usize, waiting: usize) -> Self {
        let half = (parallel / 2).max(1);
        Self {
            dialogs: Lane::new(parallel.max(1), waiting),
            known_devices: Lane::new(half, waiting),
            strangers: Lane::new(half, waiting),
        }
    }

    /// How many run or wait.
    pub(super) fn in_flight(&self) -> usize {
        [&self.dialogs, &self.known_devices, &self.strangers].iter().map(|lane| lane.lock().in_flight).sum()
    }

    /// Takes a place, as soon as there is one, but waits no longer than `patience`. A place is taken before the database is
    /// asked for anything, so that a flood costs little: while it waits here, a connection of it does nothing else.
    pub(super) async fn enter(&self, requester: &Requester<'_>, patience: Duration) -> Result<Place, Full> {
        let lane = self.lane(requester);
        let place = async {
            loop {
                // Made before the look, so that no place that is given back meanwhile is missed.
                let freed = lane.freed.notified();
                match lane.enter(requester.group(), requester.member()) {
                    Ok(place) => return place,
                    Err(Full) => freed.await,
                }
            }
        };
        timeout(patience, place).await.map_err(|_| Full)
    }

    /// Takes a place if there is one now.
    #[cfg(test)]
    pub(super) fn try_enter(&self, requester: &Requester<'_>) -> Result<Place, Full> {
        self.lane(requester).enter(requester.group(), requester.member())
    }

    const fn lane(&self, requester: &Requester<'_>) -> &Lane {
        match requester.lane() {
            LaneName::Dialogs => &self.dialogs,
            LaneName::KnownDevices => &self.known_devices,
            LaneName::Strangers => &self.strangers,
        }
    }
}

#[derive(Clone)]
struct Lane {
    state: Arc<Mutex<State>>,
    /// Told whenever a place is given back.
    freed: Arc<Notify>,
}

struct State {
    free_turns: usize,
    most_in_flight: usize,
    in_flight: usize,
    of_member: HashMap<String, usize>,
    of_group: HashMap<String, usize>,
    /// Those who wait for a turn, by group, and the order in which groups come next.
    waiting: HashMap<String, VecDeque<oneshot::Sender<Turn>>>,
    rotation: VecDeque<String>,
}

impl Lane {
    fn new(turns: usize, waiting: usize) -> Self {
        let state = State {
            free_turns: turns,
            most_in_flight: turns.saturating_add(waiting),
            in_flight: 0,
            of_member: HashMap::new(),
            of_group: HashMap::new(),
            waiting: HashMap::new(),
            rotation: VecDeque::new(),
        };
        Self { state: Arc::new(Mutex::new(state)), freed: Arc::default() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, group: String, member: Option<String>) -> Result<Place, Full> {
        let mut state = self.lock();
        let has_share =
            |shares: &HashMap<String, usize>, key, most| shares.get(key).copied().unwrap_or(0) < most;
        let may_enter = state.in_flight < state.most_in_flight
            && has_share(&state.of_group, &group, SHARE_OF_GROUP)
            && member.as_ref().is_none_or(|member| has_share(&state.of_member, member, SHARE_OF_MEMBER));
        if !may_enter {
            return Err(Full);
        }
        state.in_flight += 1;
        *state.of_group.entry(group.clone()).or_default() += 1;
        if let Some(member) = &member {
            *state.of_member.entry(member.clone()).or_default() += 1;
        }
        drop(state);
        Ok(Place { lane: self.clone(), group, member })
    }

    /// Hands a turn that was given back to the next group, or keeps it.
    fn hand_on(&self, mut turn: Turn) {
        let mut state = self.lock();
        while let Some(group) = state.rotation.pop_front() {
            let Some(queue) = state.waiting.get_mut(&group) else { continue };
            let next = queue.pop_front();
            if queue.is_empty() {
                state.waiting.remove(&group);
            } else {
                state.rotation.push_back(group);
            }
            let Some(next) = next else { continue };
            match next.send(turn) {
                Ok(()) => return,
                // The one who waited has given up.
                Err(unused) => turn = unused,
            }
        }
        state.keep(turn);
    }
}

impl State {
    fn keep(&mut self, turn: Turn) {
        turn.forget();
        self.free_turns += 1;
    }
}

/// A place in the queue, counted against the shares of whoever has it. It is given back when dropped.
#[must_use = "the place is given back when this is dropped"]
pub(crate) struct Place {
    lane: Lane,
    group: String,
    member: Option<String>,
}

crate::opaque_debug!(Place);

impl Place {
    /// Waits for a turn. Groups take turns one after the other, however many of each wait.
    pub(super) async fn turn(&self) -> Turn {
        let waiting = {
            let mut state = self.lane.lock();
            if state.free_turns > 0 {
                state.free_turns -= 1;
                return Turn(Some(self.lane.clone()));
            }
            let (sender, receiver) = oneshot::channel();
            match state.waiting.get_mut(&self.group) {
                Some(queue) => {
                    // Of those who have given up none is kept.
                    queue.retain(|waiting| !waiting.is_closed());
                    queue.push_back(sender);
                }
                None => {
                    state.waiting.insert(self.group.clone(), VecDeque::from([sender]));
                    state.rotation.push_back(self.group.clone());
                }
            }
            receiver
        };
        match waiting.await {
            Ok(turn) => turn,
            // The lane is never dropped before those who wait in it, so this is never reached; a turn of no lane is harmless.
            Err(_) => Turn(None),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.lane.lock();
        state.in_flight -= 1;
        give_back(&mut state.of_group, &self.group);
        if let Some(member) = &self.member {
            give_back(&mut state.of_member, member);
        }
        drop(state);
        self.lane.freed.notify_waiters();
    }
}

fn give_back(shares: &mut HashMap<String, usize>, key: &str) {
    if let Some(share) = shares.get_mut(key) {
        *share -= 1;
        if *share == 0 {
            shares.remove(key);
        }
    }
}

/// The right to hash one password now. It goes to the next in the queue when dropped.
#[must_use = "the turn goes to the next when this is dropped"]
pub(super) struct Turn(Option<Lane>);

impl Turn {
    fn forget(mut self) {
        self.0 = None;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(lane) = self.0.take() {
            lane.clone().hand_on(Self(Some(lane)));
        }
    }
}

#[cfg(test)]
mod tests;
