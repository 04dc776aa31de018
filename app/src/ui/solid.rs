//! Views hydrated in one go.
//!
//! Leptos prepares every type-erased view for hydration piece by piece, as suspended resources need it. Vedetta has none: its picture is
//! whole before a page is. [`Any::any`] erases a view like `into_any` and leaves those state machines out, a fifth of the browser's code.

use leptos::attr::{Attribute, any_attribute::AnyAttribute};
use leptos::prelude::*;
use leptos::tachys::{hydration::Cursor, ssr::StreamBuilder, view::Position, view::PositionState, view::add_attr::AddAnyAttr};

/// A view that is hydrated at once.
pub struct Solid<V>(V);

/// Erasing a view's type.
pub trait Any: IntoView {
    /// The view, its type erased, hydrated at once.
    fn any(self) -> AnyView;
}
impl<V: IntoView + 'static> Any for V {
    fn any(self) -> AnyView {
        Solid(self).into_any()
    }
}

impl<V: Render> Render for Solid<V> {
    type State = V::State;
    fn build(self) -> Self::State {
        self.0.build()
    }
    fn rebuild(self, state: &mut Self::State) {
        self.0.rebuild(state);
    }
}

impl<V: RenderHtml> AddAnyAttr for Solid<V> {
    type Output<A: Attribute> = Solid<V::Output<A>>;
    fn add_any_attr<A: Attribute>(self, attribute: A) -> Self::Output<A>
    where
        Self::Output<A>: RenderHtml,
    {
        Solid(self.0.add_any_attr(attribute))
    }
}

impl<V: RenderHtml> RenderHtml for Solid<V> {
    type AsyncOutput = V::AsyncOutput;
    type Owned = Solid<V::Owned>;
    const MIN_LENGTH: usize = V::MIN_LENGTH;
    const EXISTS: bool = V::EXISTS;

    fn dry_resolve(&mut self) {
        self.0.dry_resolve();
    }
    async fn resolve(self) -> Self::AsyncOutput {
        self.0.resolve().await
    }
    fn html_len(&self) -> usize {
        self.0.html_len()
    }
    fn to_html_with_buf(self, buf: &mut String, position: &mut Position, escape: bool, mark: bool, extra: Vec<AnyAttribute>) {
        self.0.to_html_with_buf(buf, position, escape, mark, extra);
    }
    fn to_html_async_with_buf<const OUT_OF_ORDER: bool>(
        self,
        buf: &mut StreamBuilder,
        position: &mut Position,
        escape: bool,
        mark: bool,
        extra: Vec<AnyAttribute>,
    ) {
        self.0.to_html_async_with_buf::<OUT_OF_ORDER>(buf, position, escape, mark, extra);
    }
    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
        self.0.hydrate::<FROM_SERVER>(cursor, position)
    }
    // `hydrate_async` is the trait's own: it calls `hydrate`.
    fn into_owned(self) -> Self::Owned {
        Solid(self.0.into_owned())
    }
}
