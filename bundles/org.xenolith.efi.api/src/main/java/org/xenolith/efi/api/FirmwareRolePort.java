// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import java.util.function.Consumer;
import java.util.function.Function;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RamExhausted;

/**
 * The permanent port of a role in the firmware, behind which a provider comes and goes. Subclasses answer for a provider that isn't
 * there; one that throws is taken out, and is told through its context.
 *
 * @param <T> what the provider implements
 */
public abstract class FirmwareRolePort<T> {
  private DeviceContext owner;
  private T provider;

  /** Puts a provider in, in the place of an earlier one. */
  public final void attach(T newProvider, DeviceContext newOwner) {
    provider = newProvider;
    owner = newOwner;
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

  /** Asks the provider; {@code otherwise} without one, or if it throws. */
  protected final <R> R ask(R otherwise, Function<T, R> question) {
    if (provider == null) {
      return otherwise;
    }
    DeviceContext asked = owner;
    T answering = provider;
    try {
      return question.apply(answering);
    } catch (RamExhausted memory) {
      throw memory; // the host's, and no provider's fault
    } catch (Throwable bug) {
      detach(answering);
      asked.failed(bug);
      return otherwise;
    }
  }

  /** Tells the provider something, if there is one. */
  protected final void tell(Consumer<T> order) {
    ask(null, role -> {
      order.accept(role);
      return null;
    });
  }
}
