// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.console.api.SerialPort;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.kit.HangLimit;
import org.xenolith.launch.kit.MachineLife;
import org.xenolith.launch.kit.RunDriver;
import org.xenolith.machine.control.Machine.DeviceFact;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.control.StoredRegister;
import org.xenolith.scenario.api.ScenarioConsole;
import org.xenolith.scenario.api.ScenarioFault;

/**
 * The machine of a test. It stands still but while the test waits for something ({@link #expect}, {@link #run}), so that each look at it is at one moment of the guest, the same in each run. Used by
 * the thread of the test.
 */
public final class GuestMachine {
  /** Guest time that a text of the console may take to come, unless it is said. */
  public static final Duration USUAL = Duration.ofSeconds(10);
  private static final int EVENTS = 10;
  private final StartedProduct product;
  private final Launch launch;
  private final RunDriver driver;
  private final BoundedRun bounded;
  private final Map<String, ConsoleLog> consoles = new LinkedHashMap<>();
  /** Of consoles that are no UART of the board, who knows them. */
  private final Map<String, ScenarioConsole> knowing = new LinkedHashMap<>();
  private final Deque<String> events;

  private GuestMachine(StartedProduct product, Launch launch, RunDriver driver, Deque<String> events) {
    this.product = product;
    this.launch = launch;
    this.driver = driver;
    this.events = events;
    bounded = new BoundedRun(launch.machine(), driver);
    ConsoleLog board = new ConsoleLog();
    driver.board(board);
    consoles.put("", board);
  }

  /** One whose life is led by somebody else. @param made launches or forks it @param events of it, the last ones */
  static GuestMachine of(StartedProduct product, MachineLife life, Supplier<Launch> made, Deque<String> events) {
    Launch launch = made.get();
    return new GuestMachine(product, launch, life.driver(true, HangLimit.USUAL, System.err::println), events);
  }

  /** Has the last events of a machine. */
  static void keep(Deque<String> events, String kind, String place, String text) {
    synchronized (events) {
      if (events.size() == EVENTS) {
        events.removeFirst();
      }
      events.add(kind + " " + place + ": " + text.lines().findFirst().orElse(""));
    }
  }

  /** Has shown what the machine did that this one goes on from. */
  void goOnFrom(GuestMachine other) {
    consoles.get("").goOnFrom(other.consoles.get(""));
    consoles.get("").unended().chars().forEach(driver.panic()::accept);
  }

  // ---- The console

  /** Types at the board's console. It is taken as fast as the guest takes it, from the next wait on. */
  public void type(String text) {
    type("", text);
  }

  /** Types at the console of a domain by its name, or of a UART by its node's path. */
  public void type(String console, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String node = console.isEmpty() ? launch.console() : console;
    if (node.isEmpty()) {
      throw new IllegalArgumentException("the board has no console to type at");
    }
    if (node.startsWith("/")) {
      launch.machine().input("serial", node, bytes);
    } else {
      log(console);
      knowing.get(console).type(launch.machine(), node, bytes);
    }
  }

  /** Waits for a text as {@link #expect(String, Duration)} does, for {@link #USUAL} at most. */
  public MatchResult expect(String regex) {
    return expect("", regex, USUAL);
  }

  /**
   * Lets the machine run until a line of the board's console, as it grows, matches; it stops at the instruction that wrote the last byte. Lines before the one that was found last aren't looked at
   * again.
   *
   * @param regex  of {@link Pattern}, for a part of the line
   * @param within guest time
   * @return what matched, with its groups
   * @throws AssertionError if none does; it says what happened instead, when, and the console's last lines
   */
  public MatchResult expect(String regex, Duration within) {
    return expect("", regex, within);
  }

  /** The same of the console of a domain by its name, or of a UART by its node's path. Of one that was never named before, what comes from now on counts. */
  public MatchResult expect(String console, String regex, Duration within) {
    Pattern pattern = Pattern.compile(regex);
    ConsoleLog log = log(console);
    String expected = "a line of " + name(console) + " that matches '" + regex + "' within " + FailureText.seconds(within.toNanos())
        + " of guest time";
    if (!log.await(pattern, launch.machine()::stop)) {
      BoundedRun.Outcome outcome = bounded.run(after(within), log::seen);
      if (!log.seen()) {
        log.forget();
        throw failure(expected, instead(outcome, "it didn't come"));
      }
      driver.panic().expect(pattern);
    }
    return log.forget().orElseThrow();
  }

  /** Types a line at the board's console, and waits for what is expected of it as {@link #expect(String, Duration)} does. */
  public MatchResult ask(String line, String regex, Duration within) {
    type(line + "\n");
    return expect(regex, within);
  }

  /** All that the board's console has shown, from the boot on. */
  public String console() {
    return console("");
  }

  /** All that a console has shown since it was named first: that of a domain by its name, or of a UART by its node's path. */
  public String console(String console) {
    return log(console).text();
  }

  private ConsoleLog log(String console) {
    // The board's is connected already, by whichever name it is meant.
    return consoles.computeIfAbsent(console.equals(launch.console()) ? "" : console, this::connect);
  }

  private ConsoleLog connect(String console) {
    ConsoleLog log = new ConsoleLog();
    if (console.startsWith("/")) {
      if (launch.platform().node(console).isEmpty()) {
        throw new IllegalArgumentException(launch.platform().name() + " has no node '" + console + "'");
      }
      launch.machine().port(console, SerialPort.class).connect(log);
      return log;
    }
    knowing.put(console, product.services(ScenarioConsole.class).stream().filter(each -> each.connect(launch.machine(), console, log))
        .findFirst().orElseThrow(() -> new IllegalArgumentException("nobody knows a console '" + console
            + "': name a UART's node, as /pl011@9000000, or a domain of a machine with the option hypervisor")));
    return log;
  }

  private String name(String console) {
    return console.isEmpty() ? launch.console().isEmpty() ? "the console" : launch.console() : console;
  }

  // ---- Guest time

  /**
   * Lets the machine run for some guest time.
   *
   * @throws AssertionError if its run ends before
   */
  public void run(Duration time) {
    BoundedRun.Outcome outcome = bounded.run(after(time), () -> false);
    if (outcome.reason() != StopReason.LIMIT || driver.panic().panicked() || !outcome.trouble().isEmpty()) {
      throw failure("the machine runs for " + FailureText.seconds(time.toNanos()) + " of guest time", instead(outcome, "it didn't"));
    }
  }

  /**
   * Lets the machine run until its run ends in a certain way, as {@code POWER_OFF} or {@code RESET}.
   *
   * @param within guest time
   * @throws AssertionError if it ends otherwise, or not
   */
  public void expectEnd(StopReason how, Duration within) {
    Runnable boot = launch.machine().onReset(null);
    try {
      BoundedRun.Outcome outcome = bounded.run(after(within), () -> false);
      if (outcome.reason() != how || !outcome.trouble().isEmpty()) {
        throw failure("the run ends with " + how + " within " + FailureText.seconds(within.toNanos()) + " of guest time", instead(outcome,
            "it goes on"));
      }
    } finally {
      launch.machine().onReset(boot);
    }
  }

  /** From now on a panic of the guest's kernel is no failure. */
  public void expectPanic() {
    driver.panic().expect();
  }

  private long after(Duration time) {
    long end = launch.machine().now() + time.toNanos();
    return end < 0 ? Long.MAX_VALUE : end;
  }

  private String instead(BoundedRun.Outcome outcome, String otherwise) {
    if (!outcome.trouble().isEmpty()) {
      return outcome.trouble();
    }
    if (driver.panic().panicked()) {
      return "the guest panicked: '" + driver.panic().message() + "'";
    }
    return switch (outcome.reason()) {
      case LIMIT, STOPPED -> otherwise;
      case null -> otherwise;
      case POWER_OFF -> "the guest powered off";
      case RESET -> "the guest reset the machine";
      case EXIT -> "the guest ended the run with status " + launch.machine().exitStatus().orElse(0);
      case IDLE -> "all CPUs wait, and nothing can wake them";
      case EXCEPTION_LOOP -> "a CPU takes the same exception for ever";
      case FAULT -> "the machine had an internal fault";
    };
  }

  private AssertionError failure(String expected, String instead) {
    List<String> last;
    synchronized (events) {
      last = List.copyOf(events);
    }
    Map<String, ConsoleLog> named = new LinkedHashMap<>();
    consoles.forEach((name, log) -> named.put(name(name), log));
    return new AssertionError(OptionName.show(FailureText.of(expected, instead, launch.machine().now(), launch.machine().instructions(),
        named,
        last), name -> name));
  }

  // ---- What is in it

  /** Its devices, and which bundle serves each. */
  public List<DeviceFact> devices() {
    return launch.machine().devices();
  }

  /**
   * What is stored in a register of a device, as its manual names it. Nothing is read as a guest does it, so that nothing changes.
   *
   * @param device node's path, as {@link #devices} has it
   * @return empty if what a guest reads is made when it reads
   * @throws IllegalArgumentException if there is none
   */
  public OptionalLong register(String device, String name) {
    List<StoredRegister> all = launch.machine().registers(device);
    return all.stream().filter(each -> each.name().equals(name)).findFirst().orElseThrow(() -> new IllegalArgumentException(device
        + " has no register '" + name + "'; it has " + String.join(", ", all.stream().map(StoredRegister::name).toList()))).value();
  }

  /** The domains of its hypervisor; none without one. */
  public List<ListedDomain> domains() {
    if (launch.platform().node(HypervisorNode.PATH).isEmpty()) {
      return List.of();
    }
    DomainsPort port = launch.machine().port(HypervisorNode.PATH, DomainsPort.class);
    return !port.present() ? List.of() : port.domains().all().stream().map(each -> new ListedDomain(each.id(), each.name(), each.state()
        .name())).toList();
  }

  /** SHA-256 of all of its state. */
  public String digest() {
    return launch.machine().digest();
  }

  /**
   * Injects a fault, as the step {@code fault} of a scenario does; an input, which a recording has.
   *
   * @param kind what it is: the word behind {@code fault:}
   * @param keys the step's
   * @return ends it, if it lasts
   * @throws IllegalArgumentException if there is no such kind, or nothing that could fail so
   */
  public InjectedFault fault(String kind, Map<String, String> keys) {
    List<ScenarioFault> kinds = product.services(ScenarioFault.class);
    ScenarioFault fault = kinds.stream().filter(each -> each.kind().equals(kind)).findFirst().orElseThrow(
        () -> new IllegalArgumentException("no fault '" + kind + "'; there are " + String.join(", ", kinds.stream().map(ScenarioFault::kind)
            .sorted().toList())));
    List<String> foreign = keys.keySet().stream().filter(key -> !fault.keys().contains(key)).sorted().toList();
    if (!foreign.isEmpty()) {
      throw new IllegalArgumentException("a fault '" + kind + "' has no key " + String.join(", ", foreign) + "; it has " + String.join(", ",
          fault.keys().stream().sorted().toList()));
    }
    Optional<Runnable> end = fault.begin(launch.machine(), keys);
    return () -> end.ifPresent(Runnable::run);
  }

  /** Writes a snapshot into a new folder, which {@code boot --load} and {@link Machine#snapshot} take. */
  public void save(Path folder) {
    try {
      launch.save(folder);
    } catch (IOException e) {
      throw BadInput.of("snapshot", folder, e);
    }
  }

  /** The machine with all that its contracts let do: ports, memory, watchers. */
  public Launch launch() {
    return launch;
  }
}
