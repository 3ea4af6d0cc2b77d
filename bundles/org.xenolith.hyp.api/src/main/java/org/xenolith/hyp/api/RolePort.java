// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RamExhausted;

/**
 * The permanent port of one role, behind which a provider comes and goes. Subclasses answer for a provider that isn't there,
 * and catch what it throws: then it is taken out.
 *
 * @param <T> what the provider implements
 */
public abstract class RolePort<T> {
  private final List<Runnable> waiting = new ArrayList<>();
  private DeviceContext owner;
  private T provider;

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

  /** The provider threw: it is taken out, and only it. */
  public final void failed(Throwable bug) {
    DeviceContext failing = owner;
    provider = null;
    owner = null;
    if (failing != null) {
      failing.failed(bug);
    }
  }

  /** Asks the provider; {@code otherwise} without one, or if it throws. */
  protected final <R> R ask(R otherwise, Function<T, R> question) {
    if (provider == null) {
      return otherwise;
    }
    try {
      return question.apply(provider);
    } catch (Throwable bug) {
      failed(rethrowMemory(bug));
      return otherwise;
    }
  }

  /** Asks the provider for a number; {@code otherwise} without one, or if it throws. */
  protected final int ask(int otherwise, ToIntFunction<T> question) {
    if (provider == null) {
      return otherwise;
    }
    try {
      return question.applyAsInt(provider);
    } catch (Throwable bug) {
      failed(rethrowMemory(bug));
      return otherwise;
    }
  }

  /** Asks the provider for a 64-bit number; {@code otherwise} without one, or if it throws. */
  protected final long askLong(long otherwise, ToLongFunction<T> question) {
    if (provider == null) {
      return otherwise;
    }
    try {
      return question.applyAsLong(provider);
    } catch (Throwable bug) {
      failed(rethrowMemory(bug));
      return otherwise;
    }
  }

  /** Tells the provider something, if there is one. */
  protected final void tell(Consumer<T> order) {
    if (provider != null) {
      try {
        order.accept(provider);
      } catch (Throwable bug) {
        failed(rethrowMemory(bug));
      }
    }
  }

  /** The host's memory being used up is no provider's fault: passes that on. */
  static Throwable rethrowMemory(Throwable bug) {
    if (bug instanceof RamExhausted memory) {
      throw memory;
    }
    return bug;
  }
}
