// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.xenolith.console.api.SerialPort;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.ToolsPort;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** A machine with the hypervisor: consoles of domains as text, {@code xl}, and runs until something is written. */
final class HypervisorGuest implements AutoCloseable {
  /** What Debian's shell prints when it waits. */
  static final String PROMPT = "xenolith:/# ";
  /** Virtual time that no step needs. */
  private static final long TOO_LONG = TimeUnit.SECONDS.toNanos(300);
  /** The serial port of the board virt. */
  static final String UART = "/pl011@9000000";
  private static final int TAIL = 3000;

  private static final int PATIENCE = 60;
  private final Machine machine;
  private final Launch launch;
  private final String uart;
  private final StringBuffer events;
  private final Map<String, GuestConsole> consoles = new HashMap<>();
  private final GuestConsole board = new GuestConsole();

  private CompletableFuture<StopReason> running;

  /**
   * @param launch is closed with this; null if the machine is another's
   * @param events what is told of the machine
   */
  HypervisorGuest(Machine machine, Launch launch, StringBuffer events) {
    this(machine, launch, events, UART);
  }

  private HypervisorGuest(Machine machine, Launch launch, StringBuffer events, String uart) {
    this.uart = uart;
    this.events = events;
    this.machine = machine;
    this.launch = launch;
    machine.port(uart, SerialPort.class).connect(board);
    machine.inputHandler("serial", (node, bytes) -> machine.port(node, SerialPort.class).offer(bytes));
  }

  /** Launches what is asked for. */
  static HypervisorGuest launch(LaunchRequest request) {
    return launch(request, UART);
  }

  /** Launches it. @param uart path of the node of Dom0's console */
  static HypervisorGuest launch(LaunchRequest request, String uart) {
    StringBuffer told = new StringBuffer();
    Launch launch = InstalledProduct.get().service(Launcher.class).launch(request, System.out::println,
        (kind, place, text) -> told.append(kind).append(' ').append(place).append(": ").append(text).append('\n'));
    return new HypervisorGuest(launch.machine(), launch, told, uart);
  }

  /** Saves all that a launch of the snapshot needs. */
  void save(Path directory) throws IOException {
    launch.save(directory);
  }

  /** Opens what the machine has outside. @param told hears what people should know */
  void connect(Consumer<String> told) {
    launch.connect(told);
  }

  /** Another machine that goes on from the state of this one; what is its own is told of it. */
  HypervisorGuest fork() {
    StringBuffer told = new StringBuffer();
    Launch fork = launch.fork((kind, place, text) -> told.append(kind).append(' ').append(place).append(": ").append(text).append('\n'));
    return new HypervisorGuest(fork.machine(), fork, told, uart);
  }

  Machine machine() {
    return machine;
  }

  /** The board's console: Dom0's. */
  GuestConsole board() {
    return board;
  }

  /** A domain's console by the domain's name, which may come only later. */
  GuestConsole console(String domain) {
    return consoles.computeIfAbsent(domain, name -> {
      GuestConsole console = new GuestConsole();
      Counters.port(machine, ConsolesPort.class).follow(name, console::accept);
      return console;
    });
  }

  /** The present domain of that name, or null. */
  Domain domain(String name) {
    return Counters.port(machine, DomainsPort.class).domains().all().stream().filter(d -> d.name().equals(name)).findFirst().orElse(null);
  }

  /** A command while the machine stands still. */
  String xl(String line) {
    return Counters.port(machine, ToolsPort.class).execute(List.of(line.split(" ")));
  }

  /** Runs until a console shows a text, behind a place in it. */
  void runUntil(GuestConsole console, String text, int from) {
    if (console.text().indexOf(text, from) < 0) {
      console.when(text, machine::stop);
      StopReason reason = machine.run(new RunLimit(machine.now() + TOO_LONG, Long.MAX_VALUE));
      if (reason != StopReason.STOPPED) {
        throw new AssertionError("ended with " + reason + " before '" + text + "'; its console:\n" + tail(console) + "\nDom0's:\n"
            + tail(board) + "\nevents:\n" + events + xl("list") + xl("dmesg"));
      }
    }
  }

  /** Events of the machine and of the hypervisor so far, a line each. */
  String events() {
    return events.toString();
  }

  private static String tail(GuestConsole console) {
    return console.text().substring(Math.max(0, console.length() - TAIL));
  }

  /** Runs until a domain has written a text, at whatever time. */
  void runUntil(String domain, String text) {
    runUntil(console(domain), text, 0);
  }

  void run(long milliseconds) {
    machine.run(new RunLimit(machine.now() + TimeUnit.MILLISECONDS.toNanos(milliseconds), Long.MAX_VALUE));
  }

  /** Runs to a time, in ns. */
  void runTo(long time) {
    StopReason reason = machine.run(new RunLimit(time, Long.MAX_VALUE));
    if (reason != StopReason.LIMIT) {
      throw new AssertionError("ended with " + reason + "; Dom0's console:\n" + tail(board) + "\nevents:\n" + events);
    }
  }

  /** Types a line at a domain's console, as a journalled input. */
  void type(String domain, String line) {
    machine.input(ConsolesPort.INPUT, domain, (line + "\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  /** What a command prints at a domain's shell. */
  String shell(String domain, String command) {
    GuestConsole console = console(domain);
    int from = console.length();
    // The echo of the line must not look like the answer.
    type(domain, "echo \"=b\"\"egin=$(" + command + ")=e\"\"nd=\"");
    runUntil(console, "=end=\n", from);
    String answer = console.text().substring(from);
    return answer.substring(answer.indexOf("=begin=") + "=begin=".length(), answer.indexOf("=end=")).strip();
  }

  /** What a command prints at Dom0's shell. */
  String dom0(String command) {
    int from = board.length();
    typeAtBoard("echo \"=b\"\"egin=$(" + command + ")=e\"\"nd=\"");
    runUntil(board, "=end=\n", from);
    String answer = board.text().substring(from);
    return answer.substring(answer.indexOf("=begin=") + "=begin=".length(), answer.indexOf("=end=")).strip();
  }

  void typeAtBoard(String line) {
    machine.input("serial", uart, (line + "\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Runs on a thread of its own. */
  void begin() {
    running = CompletableFuture.supplyAsync(() -> machine.run(new RunLimit(machine.now() + TOO_LONG, Long.MAX_VALUE)),
        task -> Thread.ofPlatform().name("machine").start(task));
  }

  /** Waits so many seconds for what was begun. Returns whether it is stopped. */
  boolean endsWithin(int seconds) throws Exception {
    try {
      running.get(seconds, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException notYet) {
      return false;
    }
  }

  /** Waits until what was begun is stopped. */
  void end() throws Exception {
    StopReason reason = running.get(5, TimeUnit.MINUTES);
    if (reason != StopReason.STOPPED) {
      throw new AssertionError("ended with " + reason + "; events:\n" + events + "Dom0:\n" + tail(board));
    }
  }

  /** A command while the machine runs, as a journalled input. */
  String ask(String line) {
    return Counters.port(machine, ToolsPort.class).ask(machine, line, PATIENCE);
  }

  @Override
  public void close() {
    if (running != null && !running.isDone()) {
      machine.stop();
      running.join();
    }
    if (launch != null) {
      launch.close();
    }
  }
}
