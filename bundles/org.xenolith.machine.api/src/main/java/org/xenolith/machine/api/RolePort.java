// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The permanent port of one role, behind which a provider comes and goes: of a subsystem at the hypervisor's node, of a part at the
 * firmware's. Subclasses answer for a provider that isn't there, and for one that throws: it is taken out, and told through its context.
 *
 * @param <T> what the provider implements
 */
public abstract class RolePort<T> {
  private final List<Runnable> waiting = new ArrayList<>();
  private @Nullable DeviceContext owner;
  private @Nullable T provider;

  /** Puts a provider in, in the place of an earlier one. */
  public final void attach(T newProvider, DeviceContext newOwner) {
    provider = newProvider;
    owner = newOwner;
    List<Runnable> woken = List.copyOf(waiting);
    waiting.clear();
    woken.forEach(Runnable::run);
  }

  /** Takes a provider out if it is still in. */
  public final void detach(T oldProvider) {
    if (provider == oldProvider) {
      provider = null;
      owner = null;
    }
  }

  /** Whether there is a provider. */
  public final boolean present() {
    return provider != null;
  }

  /** The provider, or null. For the hot paths of the core; others call the methods of the port. */
  public final T provider() {
    return provider;
  }

  /** Runs an action when the next provider is in: for a vCPU that can't go on without one. */
  public final void whenPresent(Runnable action) {
    waiting.add(action);
  }

  /** Who put the provider in, or null: read with {@link #provider}, before it is asked, for {@link #threw}. */
  protected final DeviceContext owner() {
    return owner;
  }

  /**
   * A provider threw: it is taken out, and only it, since another one may have taken its place while it was asked; its owner is told. For
   * who asks without a lambda. That the host's memory is used up is no provider's fault, and thrown on.
   */
  protected final void threw(T asked, DeviceContext itsOwner, Throwable bug) {
    rethrowMemory(bug);
    detach(asked);
    itsOwner.failed(bug);
  }

  /** Asks the provider; {@code otherwise} without one, or if it throws. */
  protected final <R> R ask(@Nullable R otherwise, Function<T, R> question) {
    if (provider == null) {
      return otherwise;
    }
    T asked = provider;
    DeviceContext itsOwner = owner;
    try {
      return question.apply(asked);
    } catch (Throwable bug) {
      threw(asked, itsOwner, bug);
      return otherwise;
    }
  }

  /** Asks the provider for a number; {@code otherwise} without one, or if it throws. */
  protected final int ask(int otherwise, ToIntFunction<T> question) {
    if (provider == null) {
      return otherwise;
    }
    T asked = provider;
    DeviceContext itsOwner = owner;
    try {
      return question.applyAsInt(asked);
    } catch (Throwable bug) {
      threw(asked, itsOwner, bug);
      return otherwise;
    }
  }

  /** Asks the provider for a 64-bit number; {@code otherwise} without one, or if it throws. */
  protected final long askLong(long otherwise, ToLongFunction<T> question) {
    if (provider == null) {
      return otherwise;
    }
    T asked = provider;
    DeviceContext itsOwner = owner;
    try {
      return question.applyAsLong(asked);
    } catch (Throwable bug) {
      threw(asked, itsOwner, bug);
      return otherwise;
    }
  }

  /** Tells the provider something, if there is one. */
  protected final void tell(Consumer<T> order) {
    if (provider != null) {
      T told = provider;
      DeviceContext itsOwner = owner;
      try {
        order.accept(told);
      } catch (Throwable bug) {
        threw(told, itsOwner, bug);
      }
    }
  }

  /** The host's memory being used up is no provider's fault: throws {@link RamExhausted} on, and returns anything else. */
  public static Throwable rethrowMemory(Throwable bug) {
    if (bug instanceof RamExhausted memory) {
      throw memory;
    }
    return bug;
  }
}
