//! Views without their types, for everything that a page is put together from. It must not change what is drawn.
//!
//! Leptos' own `into_any` keeps, for each view, a way to hydrate it while parts of the program are still being loaded
//! and a way to spread attributes onto it. This program is loaded whole and spreads none. Without them its WebAssembly
//! is a seventh smaller.

use leptos::prelude::*;

/// Makes an [`AnyView`].
pub(crate) trait BoxedView {
    /// The same view, without its type.
    fn boxed(self) -> AnyView;
}

/// The server leaves it to Leptos.
#[cfg(feature = "ssr")]
impl<V: IntoView + 'static> BoxedView for V {
    fn boxed(self) -> AnyView {
        self.into_any()
    }
}

#[cfg(not(feature = "ssr"))]
impl<V: IntoView + 'static> BoxedView for V {
    fn boxed(self) -> AnyView {
        browser::Whole(self).into_any()
    }
}

#[cfg(not(feature = "ssr"))]
mod browser {
    //! What the browser keeps of a view.

    use leptos::{
        attr::{Attribute, any_attribute::AnyAttribute},
        prelude::*,
        tachys::{
            hydration::Cursor,
            renderer::types::{Element, Node},
            view::{Mountable, Position, PositionState},
        },
    };
    use std::future::ready;

    /// A view that is hydrated at once.
    pub(super) struct Whole<V>(pub(super) V);

    impl<V: Render> Render for Whole<V> {
        type State = WholeState<V::State>;

        fn build(self) -> Self::State {
            WholeState(self.0.build())
        }

        fn rebuild(self, state: &mut Self::State) {
            self.0.rebuild(&mut state.0);
        }
    }

    impl<V: RenderHtml + 'static> RenderHtml for Whole<V> {
        type AsyncOutput = Self;
        type Owned = Self;

        const MIN_LENGTH: usize = V::MIN_LENGTH;
        const EXISTS: bool = V::EXISTS;

        fn dry_resolve(&mut self) {}

        async fn resolve(self) -> Self {
            self
        }

        /// Only the server draws HTML.
        fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

        fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
            WholeState(self.0.hydrate::<FROM_SERVER>(cursor, position))
        }

        /// Nothing in `V` is waited for.
        fn hydrate_async(
            self,
            cursor: &Cursor,
            position: &PositionState,
        ) -> impl Future<Output = Self::State> {
            ready(self.hydrate::<true>(cursor, position))
        }

        fn into_owned(self) -> Self {
            self
        }
    }

    /// Nothing spreads attributes onto a view here, so they would be lost.
    impl<V: RenderHtml + 'static> AddAnyAttr for Whole<V> {
        type Output<NewAttribute: Attribute> = Self;

        fn add_any_attr<NewAttribute: Attribute>(self, _: NewAttribute) -> Self::Output<NewAttribute> {
            self
        }
    }

    /// What is on the page of a [`Whole`].
    pub(super) struct WholeState<S>(S);

    impl<S: Mountable> Mountable for WholeState<S> {
        fn unmount(&mut self) {
            self.0.unmount();
        }

        fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
            self.0.mount(parent, marker);
        }

        fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
            self.0.insert_before_this(child)
        }

        /// Asked for only where attributes are spread.
        fn elements(&self) -> Vec<Element> {
            Vec::new()
        }
    }
}
