// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.ToolsPort;
import org.xenolith.machine.control.Machine;

/**
 * The domains of a machine with a hypervisor, and what is done to them: commands of {@code xl}, which are inputs of the machine and
 * journalled as such. They wait for the machine on a thread of their own.
 */
final class DomainDesk implements AutoCloseable {
  /** How long a machine may take to answer, in host seconds. */
  private static final int PATIENCE = 60;
  private final Runnable changed;
  private final ExecutorService thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().name("domain tools").daemon().factory());
  private volatile Machine machine;
  private volatile List<DomainFact> facts = List.of();
  private volatile String last = "";

  /** @param changed runs when domains or {@link #last} are others, on any thread */
  DomainDesk(Runnable changed) {
    this.changed = changed;
  }

  /** The machine whose domains these are from now on; null for none. */
  void of(Machine now) {
    machine = now != null && now.platform().node(HypervisorNode.PATH).isPresent() ? now : null;
    facts = List.of();
    last = "";
  }

  /** Whether there is a hypervisor that could do something. */
  boolean present() {
    return machine != null;
  }

  /** Looks at the domains, soon. */
  void look() {
    Machine now = machine;
    if (now != null) {
      now.post(() -> take(now));
    }
  }

  /** On the machine's thread, where domains may be looked at. */
  private void take(Machine of) {
    Domains core = of.port(HypervisorNode.PATH, DomainsPort.class).domains();
    List<DomainFact> now = core == null ? facts : core.all().stream().map(DomainFact::of).toList();
    if (of == machine && !now.equals(facts)) {
      facts = now;
      changed.run();
    }
  }

  /** Has a command executed, soon, as after {@code xl}; {@link #last} says what became of it. */
  void command(String line) {
    Machine now = machine;
    if (now == null) {
      say("There is no machine with a hypervisor.");
      return;
    }
    say("xl " + line + "…");
    thread.execute(() -> {
      String answer;
      try {
        answer = now.port(HypervisorNode.PATH, ToolsPort.class).ask(now, line, PATIENCE).strip();
      } catch (HypervisorException e) {
        answer = "not done. " + e.getMessage();
      }
      if (now == machine) {
        now.post(() -> take(now));
        say("xl " + line + ": " + (answer.isEmpty() ? "done." : answer));
      }
    });
  }

  private void say(String text) {
    last = text;
    changed.run();
  }

  /** By domid, as of the latest {@link #look}. */
  List<DomainFact> facts() {
    return facts;
  }

  /** What became of the latest command, for people. */
  String last() {
    return last;
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
