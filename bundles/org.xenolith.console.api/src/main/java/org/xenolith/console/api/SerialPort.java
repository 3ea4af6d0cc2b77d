// SPDX-License-Identifier: EPL-2.0
package org.xenolith.console.api;

import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.LinkFault;
import org.xenolith.machine.api.LinkPort;
import org.xenolith.machine.api.PortState;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ShortFifo;

/**
 * The permanent place where a serial line leaves the machine. The outside's bytes wait here until the UART model takes
 * them, so that none is lost while the model is replaced; the guest's bytes go out at once. Machine thread only; the core
 * brings outside input at safe points and journals it.
 */
public final class SerialPort implements PortState, LinkPort {
  /** Most bytes that wait for the UART; more are refused to the outside, which keeps them. */
  public static final int CAPACITY = 4096;
  /** Who asks so often without sending waits for bytes: a driver that empties the receiver or sends asks a few times. */
  private static final int POLLS = 64;

  private final DeviceState state = new DeviceState();
  private final ShortFifo input = state.fifo("input", CAPACITY);
  private Runnable onInput = () -> {};
  private ByteSink output = b -> {};
  private IntSupplier held = () -> 0;
  private boolean deaf;
  /** Times that the guest has asked since it sent last. */
  private int questions;
  private Runnable onListening = () -> {};
  /** Who sees what passes; null if nobody does. */
  private @Nullable SerialWatcher watcher;
  /** What is wrong with the line; null for nothing. */
  private @Nullable LinkFault fault;

  /** Takes the bytes a guest sends. */
  public interface ByteSink {
    /** @param b 0 to 255 */
    void accept(int b);
  }

  /** Is shown what passes. It must change nothing. */
  public interface SerialWatcher {
    /**
     * A byte passes.
     *
     * @param b    0 to 255
     * @param sent whether the guest sends it; else it comes from outside
     */
    void passes(int b, boolean sent);
  }

  /** Has somebody see what passes, in the place of who did; null for nobody. On the machine's thread, or while it stands still. */
  public void watch(@Nullable SerialWatcher newWatcher) {
    watcher = newWatcher;
  }

  /** The line of the UART at whose node the port is. */
  @Override
  public boolean link(String device, boolean its, @Nullable LinkFault newFault) {
    if (its) {
      fault = newFault;
    }
    return its;
  }

  /** Model, when it is made: who says how many bytes it has received that the guest hasn't read; replaces an earlier one. */
  public void holds(IntSupplier newHeld) {
    held = newHeld;
  }

  /** Bytes that have come in by {@link #offer} and that the guest hasn't read yet, those that the model has among them, as far as it says. */
  public int unread() {
    return input.size() + held.getAsInt();
  }

  /** Model: sends one byte to the outside. */
  public void transmit(int b) {
    questions = 0;
    if (fault != null && fault.loses()) {
      return;
    }
    if (watcher != null) {
      watcher.passes(b & 0xFF, true);
    }
    output.accept(b & 0xFF);
  }

  /** Model: takes the oldest waiting byte, or -1. */
  public int receive() {
    return input.poll();
  }

  /** Model: bytes waiting. */
  public int waiting() {
    return input.size();
  }

  /** Model: runs when bytes arrived; replaces an earlier one. */
  public void onInput(Runnable action) {
    onInput = action;
  }

  /**
   * Model, when it is made or reset: nobody in the guest listens yet, {@link #listens} will say when. What arrives earlier is
   * lost on many a system, as drivers empty the receiver when they begin. A model that never says so always listens.
   */
  public void deaf() {
    deaf = true;
    questions = 0;
  }

  /** Model: the guest waits for bytes, by interrupt or by asking again and again. */
  public void listens() {
    if (deaf) {
      deaf = false;
      onListening.run();
    }
  }

  /** Model: the guest asked for a byte in vain. Once it does so again and again it {@link #listens}. */
  public void asked() {
    questions++;
    if (questions == POLLS) {
      listens();
    }
  }

  /** Outside: whether what is offered now reaches somebody, as far as the model knows. */
  public boolean listening() {
    return !deaf;
  }

  /** Outside: runs each time the guest begins to listen, within the model's call; offer nothing from there. */
  public void onListening(Runnable action) {
    onListening = action;
  }

  /** Outside: where the guest's bytes go. */
  public void connect(ByteSink sink) {
    output = sink;
  }

  /** Core, at a safe point: offers bytes; returns how many were taken. */
  public int offer(byte[] bytes) {
    int taken = 0;
    while (taken < bytes.length) {
      if (fault != null && fault.loses()) {
        taken++;
        continue;
      }
      if (!input.add(bytes[taken] & 0xFF)) {
        break;
      }
      if (watcher != null) {
        watcher.passes(bytes[taken] & 0xFF, false);
      }
      taken++;
    }
    if (taken > 0) {
      onInput.run();
    }
    return taken;
  }

  @Override
  public DeviceState state() {
    return state;
  }
}
