// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.WordRelay;
import org.xenolith.command.api.OptionName;
import org.xenolith.machine.control.Machine;

/**
 * A command of the monitor prompt under a machine that stands still. At a prompt the machine runs beside the command, which may
 * wait for it; here it is brought to a safe point whenever the command has given it something to do, and executes nothing: the
 * guest is where it was, in every run.
 */
final class PromptedCommand {
  private static final long LONGEST_SECONDS = 60;
  /** What the machine does at its next safe point. */
  private static final Set<String> BRINGING = Set.of("input", "post");
  private static final Object BROUGHT = new Object();
  private final Session session;
  private final List<WordRelay> relays;
  private final LinkedBlockingQueue<Object> signals = new LinkedBlockingQueue<>();

  /** @param newRelays who may answer in the place of commands */
  PromptedCommand(Session session, List<WordRelay> newRelays) {
    this.session = session;
    relays = newRelays;
  }

  /** The end of the command: its answer, or what it threw. */
  private record End(String answer, Throwable thrown) {}

  /**
   * Executes it.
   *
   * @throws StepFailure if it takes too long, or a model that it gave something to do doesn't come back
   */
  String execute(MonitorCommand command, List<String> words, String expected) {
    Machine machine = session.machine();
    Machine beside = (Machine) Proxy.newProxyInstance(Machine.class.getClassLoader(), new Class<?>[] {Machine.class},
        (self, method, arguments) -> {
          try {
            Object result = method.invoke(machine, arguments);
            if (BRINGING.contains(method.getName())) {
              signals.add(BROUGHT);
            }
            return result;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
    Thread.ofPlatform().daemon().name("scenario command").start(() -> {
      try {
        signals.add(new End(WordRelay.execute(relays, command, beside, words), null));
      } catch (Throwable e) {
        signals.add(new End("", e));
      }
    });
    for (;;) {
      switch (next(expected)) {
        case End(String answer, Throwable thrown) -> {
          session.settle(expected); // what it has brought last
          return answer(answer, thrown);
        }
        default -> session.settle(expected);
      }
    }
  }

  private Object next(String expected) {
    try {
      Object signal = signals.poll(LONGEST_SECONDS, TimeUnit.SECONDS);
      if (signal == null) {
        throw new StepFailure(expected, "it has no answer after " + LONGEST_SECONDS + " s of host time");
      }
      return signal;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StepFailure(expected, "interrupted");
    }
  }

  private static String answer(String answer, Throwable thrown) {
    return switch (thrown) {
      case null -> OptionName.onCommandLine(answer);
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(thrown);
    };
  }
}
