//! The queue for password hashing: bounded, with lanes and shares, so that one account cannot delay the others. It must
//! not know what work a turn is used for.

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

/// The maximum number of checks of one member that run or wait in a lane at once: one, and one from a second tab.
const SHARE_OF_MEMBER: usize = 2;
/// The maximum number of checks of one account or one network that run or wait in a lane at once.
const SHARE_OF_GROUP: usize = 16;

/// The origin of a request for password hashing.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Requester<'a> {
    /// A member in a dialog of a live session.
    Session(&'a AccountId, &'a MemberId),
    /// A browser that has signed the member in before.
    KnownDevice(&'a AccountId, &'a MemberId),
    /// Any other client, by its network. It is not counted by the member whose password is tried: a stranger could then
    /// use up that member's share.
    Stranger(Option<IpAddr>),
}

/// Each lane has its own turns, so that strangers cannot delay a dialog of a live session, however many there are.
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

    /// The group that the requester belongs to. Groups take turns.
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

/// The maximum number of checks is already waiting.
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
    /// Gives `parallel` turns at once to dialogs, and half as many (at least one) to each other lane. In each lane,
    /// `waiting` more checks may wait.
    pub(super) fn new(parallel: usize, waiting: usize) -> Self {
        let half = (parallel / 2).max(1);
        Self {
            dialogs: Lane::new(parallel.max(1), waiting),
            known_devices: Lane::new(half, waiting),
            strangers: Lane::new(half, waiting),
        }
    }

    /// The number of checks that are running or waiting.
    pub(super) fn in_flight(&self) -> usize {
        [&self.dialogs, &self.known_devices, &self.strangers].iter().map(|lane| lane.lock().in_flight).sum()
    }

    /// Takes a place as soon as one is free, but waits no longer than `patience`. A request takes a place before it
    /// uses the database, so that a flood costs little: while a request waits here, its client connection is blocked.
    pub(super) async fn enter(&self, requester: &Requester<'_>, patience: Duration) -> Result<Place, Full> {
        let lane = self.lane(requester);
        let place = async {
            loop {
                // Created before the attempt, so that a place that is freed in between is not missed.
                let freed = lane.freed.notified();
                match lane.enter(requester.group(), requester.member()) {
                    Ok(place) => return place,
                    Err(Full) => freed.await,
                }
            }
        };
        timeout(patience, place).await.map_err(|_| Full)
    }

    /// Takes a place if one is free now.
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
    /// Notified whenever a place is freed.
    freed: Arc<Notify>,
}

struct State {
    free_turns: usize,
    most_in_flight: usize,
    in_flight: usize,
    of_member: HashMap<String, usize>,
    of_group: HashMap<String, usize>,
    /// The waiting checks by group. `rotation` holds the order in which groups get turns.
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

    /// Passes a freed turn to the next group, or keeps it.
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
                // The waiting check was cancelled.
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

/// A place in the queue, counted against the shares of its requester. It is freed when dropped.
#[must_use = "the place is given back when this is dropped"]
pub(crate) struct Place {
    lane: Lane,
    group: String,
    member: Option<String>,
}

crate::opaque_debug!(Place);

impl Place {
    /// Waits for a turn. Groups take turns one after the other, however many checks wait in each.
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
                    // Removes the checks that were cancelled.
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
            // The lane is never dropped before its waiting checks, so this arm is never reached. A turn without a lane
            // is harmless.
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

/// The right to hash one password now. When dropped, it passes to the next check in the queue.
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
