//! Erases the types of the views that make up a page. It must not change the HTML of a view.
//!
//! For each view, Leptos' own `into_any` keeps code that hydrates the view while parts of the program are still loading, and code
//! that spreads attributes onto the view. The browser loads this program as a whole, and the program spreads no attributes.
//! Without this code the WebAssembly is a seventh smaller.

use leptos::prelude::*;

/// Turns a view into an [`AnyView`].
pub(crate) trait BoxedView {
    /// Returns the same view without its type.
    fn boxed(self) -> AnyView;
}

/// On the server, Leptos' own `into_any` does the work.
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
    //! The view without its type, in the browser.

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

    /// A view that is hydrated synchronously.
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

        /// Does nothing, because only the server renders HTML.
        fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

        fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
            WholeState(self.0.hydrate::<FROM_SERVER>(cursor, position))
        }

        /// Hydrates at once, because `V` has nothing to wait for.
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

    /// Ignores attributes that are spread onto the view. The program spreads none; if it did, they would be lost.
    impl<V: RenderHtml + 'static> AddAnyAttr for Whole<V> {
        type Output<NewAttribute: Attribute> = Self;

        fn add_any_attr<NewAttribute: Attribute>(self, _: NewAttribute) -> Self::Output<NewAttribute> {
            self
        }
    }

    /// The state of a [`Whole`] on the page.
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

        /// Returns no elements. Leptos calls this only to spread attributes.
        fn elements(&self) -> Vec<Element> {
            Vec::new()
        }
    }
}
