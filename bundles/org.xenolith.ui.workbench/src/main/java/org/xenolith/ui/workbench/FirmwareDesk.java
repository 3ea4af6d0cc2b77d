// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.FirmwareFacts;
import org.xenolith.efi.boot.api.FirmwareInventoryPort;
import org.xenolith.efi.boot.api.FirmwareRequestsPort;
import org.xenolith.machine.control.Machine;

/**
 * Firmware of bundles, the machine's and that of its domains, and what is asked of it: requests, which are inputs of the machine and journalled as such.
 * They wait for the machine on a thread of their own.
 */
final class FirmwareDesk implements AutoCloseable {
  /** How long a machine may take to answer, in host seconds. */
  private static final int PATIENCE = 30;
  /** Kind of the events that say how a request went. */
  private static final String OUTCOME = "efi-request";
  private final Runnable changed;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("firmware requests").daemon()
      .factory());
  /** The machine that is being asked, or was and never answered. */
  private final AtomicReference<Machine> asking = new AtomicReference<>();
  private volatile Machine machine;
  private volatile List<FirmwareFacts> facts = List.of();
  private volatile String last = "";

  /** @param changed runs when the firmware or {@link #last} is another, on any thread */
  FirmwareDesk(Runnable changed) {
    this.changed = changed;
  }

  /** The machine whose firmware this is from now on; null for none. */
  void of(Machine now) {
    machine = now != null && now.platform().node(BootNode.PATH).isPresent() ? now : null;
    facts = List.of();
    last = "";
  }

  /** Whether the machine has firmware of bundles, running or not. */
  boolean present() {
    return machine != null;
  }

  /** Looks at it, soon. */
  void look() {
    Machine now = machine;
    if (now != null && asking.getAndSet(now) != now) {
      now.port(BootNode.PATH, FirmwareInventoryPort.class).ask(now).thenAccept(found -> take(now, found));
    }
  }

  /** On the machine's thread. Open calls are others each time that somebody looks, and not shown. */
  private void take(Machine of, List<FirmwareFacts> found) {
    asking.compareAndSet(of, null);
    List<FirmwareFacts> now = found.stream().map(each -> new FirmwareFacts(each.name(), each.handles(), each.drivers(), each.layers(), List
        .of())).toList();
    if (of == machine && !now.equals(facts)) {
      facts = now;
      changed.run();
    }
  }

  /**
   * Has something done, soon, as after {@code efi} at the monitor prompt; {@link #last} says what became of it.
   *
   * @param what     {@code connect} or {@code disconnect}
   * @param firmware name of the domain; empty for the machine's own
   * @param handle   of the controller; 0: all
   */
  void request(String what, String firmware, long handle) {
    String line = what + (firmware.isEmpty() ? "" : " " + firmware) + (handle == 0 ? "" : " 0x" + Long.toHexString(handle));
    Machine now = machine;
    if (now == null) {
      say("There is no machine with firmware of bundles.");
      return;
    }
    say(line + "…");
    thread.execute(() -> {
      String answer;
      try {
        answer = now.port(BootNode.PATH, FirmwareRequestsPort.class).ask(now, line, PATIENCE);
      } catch (IllegalArgumentException e) {
        answer = "not done: " + e.getMessage();
      }
      // The event that says how it went may have come already.
      if (now == machine && last.equals(line + "…")) {
        say(line + ": " + answer);
      }
    });
  }

  /** The machine reported an event. */
  void heard(String kind, String text) {
    if (kind.equals(OUTCOME)) {
      say(text);
      look();
    }
  }

  private void say(String text) {
    last = text;
    changed.run();
  }

  /** What runs, as of the latest {@link #look}; without open calls. */
  List<FirmwareFacts> facts() {
    return facts;
  }

  /** What became of the latest request, for people. */
  String last() {
    return last;
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
