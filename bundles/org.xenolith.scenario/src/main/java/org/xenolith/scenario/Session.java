// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.xenolith.block.api.BlockPlace;
import org.xenolith.block.api.BlockPort;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.api.HostReason;
import org.xenolith.console.api.SerialPort;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.EventFilter;
import org.xenolith.launch.kit.EventFilter.Wanted;
import org.xenolith.launch.kit.FirstLook;
import org.xenolith.launch.kit.MachineLife;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.launch.kit.RunDriver;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.scenario.api.ScenarioConsole;
import org.xenolith.scenario.file.Action;
import org.xenolith.scenario.file.Disk;
import org.xenolith.scenario.file.Script;

/** The machine of a scenario, which a snapshot may exchange, with its consoles and disks. It runs on the caller's thread. */
final class Session implements AutoCloseable {
  private static final int EVENTS = 10;
  private static final double SECOND = 1e9;
  /** Name of the option that has a debugger waited for. */
  private static final String DEBUGGER = "gdb";
  /** Name of the option that has the past kept. */
  private static final String HISTORY = "history";
  private final Script script;
  private final Services services;
  private final RunOptions options;
  private final Path folder;
  private final HostWatch watch;
  private final Map<String, Transcript> consoles = new LinkedHashMap<>();
  /** Who knows the consoles that are no UART of the board. */
  private final Map<String, ScenarioConsole> knowing = new LinkedHashMap<>();
  private final Deque<String> events = new ArrayDeque<>();
  /** Events by kind of the boot that it goes on from. */
  private Map<String, Long> before = Map.of();
  private final MachineLife life;
  private final List<FaultyDisk> disks = new ArrayList<>();
  private final boolean disksFail;
  private Launch launch;
  private RunDriver driver;
  private int launches;
  /** Whether the machine isn't the one that was recorded: nobody wants to look at it. */
  private boolean refused;

  /** @param folder a temporary one of its own */
  Session(Script script, Services services, RunOptions options, Path folder, HostWatch watch) {
    this.script = script;
    this.services = services;
    this.options = options;
    this.folder = folder;
    this.watch = watch;
    EventLog told = new EventFilter(Wanted.HOST_FAILURES, this::hostFailed, this::event);
    life = new MachineLife(services.launcher(), options.hangLimit(), options.progress(), told);
    watch.guard(life::quit);
    disksFail = script.steps().stream().anyMatch(step -> step.action() instanceof Action.FailDisk);
  }

  /** Launches what the scenario describes. */
  void begin() throws IOException {
    new BroughtFiles(services, options).write(script);
    List<String> texts = new ArrayList<>();
    for (Disk disk : script.disks()) {
      texts.add((disk.image().isPresent() ? disk.image().get() : random(disk, texts.size())) + disk.words());
    }
    texts.addAll(script.launch().option("disk")); // of options that make one
    launch(script.launch().toBuilder().option("disk", texts).build());
  }

  /** Goes on from what another scenario has booted. Returns whether it does; else it can't be taken over. */
  boolean begin(SharedBoots.Boot boot) throws IOException {
    try {
      launched(life.fork(boot.launch(), boot.state()));
    } catch (BadInput e) {
      return false; // it boots then, which says what is wrong, if something is
    }
    console("").goOnFrom(boot.console());
    before = boot.counts();
    events.addAll(boot.events());
    boot.console().unended().chars().forEach(driver.panic()::accept);
    return true;
  }

  /** What others of the same machine may go on from. */
  SharedBoots.Boot boot(String scenario) throws IOException {
    Transcript shown = new Transcript(b -> {});
    shown.goOnFrom(console(""));
    return new SharedBoots.Boot(scenario, launch, machine().state(), shown, counts(), events());
  }

  private Path random(Disk disk, int number) throws IOException {
    byte[] content = new byte[(int) disk.size()];
    new Random(disk.seed()).nextBytes(content);
    return Files.write(folder.resolve("disk" + number + ".img"), content);
  }

  private void launch(LaunchRequest request) throws IOException {
    launched(life.launch(observed(request)));
  }

  private void launched(Launch now) throws IOException {
    launch = now;
    Machine machine = launch.machine();
    driver = life.driver(script.endsAtPanic(), options.hangLimit(), options.progress()::progress);
    if (launches == 0 && script.isRecorded()) {
      checkContents(machine);
    }
    launch.connect(options.progress()::progress);
    consoles.clear();
    for (String name : script.consoles()) {
      connect(name);
    }
    disks.clear();
    if (disksFail) {
      launch.disks().forEach(this::makeFaulty);
    }
    launches++;
    if (options.journals().isPresent()) {
      machine.record(options.journals().get().resolve(script.name() + (launches == 1 ? "" : "." + launches) + ".journal"), script.source()
          .line());
    }
  }

  /** Refuses to run again what was recorded on something else: it would be another run. */
  private void checkContents(Machine machine) {
    try {
      machine.checkContents(script.file());
    } catch (IOException e) {
      refused = true;
      throw new BadInput(HostReason.of(e).text());
    }
  }

  /** With what is wanted of how the machine is looked at. */
  private LaunchRequest observed(LaunchRequest request) {
    LaunchRequest.Builder builder = request.toBuilder();
    options.debugger().ifPresent(port -> observer(DEBUGGER, "has machines debugged; build the tree with its bundle org.xenolith.gdb").use(
        List.of(port), builder));
    if (options.prompt().isPresent() && !request.has(HISTORY)) {
      observer(HISTORY, "keeps the past of machines; build the tree with its bundle org.xenolith.history").use(List.of(""), builder);
    }
    return builder.build();
  }

  private LaunchOption observer(String name, String missing) {
    return services.launcher().options().stream().filter(each -> each.description().name().equals(name)).findFirst().orElseThrow(
        () -> new BadInput(option(name) + ": no installed bundle " + missing));
  }

  /** Who is at the prompt has the machine of a scenario that has failed, until they leave it. */
  void stayAtPrompt(String report) {
    if (refused && options.prompt().isPresent()) {
      options.progress().progress(report);
      return;
    }
    if (options.prompt().isEmpty() || !begun() || driver == null || driver.left() != null || driver.isQuitting()) {
      return;
    }
    watch.close(); // whoever looks has no limit
    options.progress().progress("the scenario fails here\n" + report);
    driver.attended(options.prompt().get()::tell);
    options.prompt().get().converse(machine(), FirstLook.of(machine(), driver.panic()));
  }

  /** The machine of a scenario that has failed stays halted for a debugger, if that is asked for, until its run ends. */
  void stayForDebugger(String report) {
    if (options.debugger().isEmpty() || refused || !begun() || driver == null || driver.left() != null || driver.isQuitting()) {
      return;
    }
    watch.close(); // whoever looks has no limit
    options.progress().progress("the scenario fails here, and the machine stays halted for a debugger: 'kill' in it, or Ctrl-C, ends that\n"
        + report);
    driver.halt();
    driver.run(new RunLimit(Long.MAX_VALUE, Long.MAX_VALUE), () -> false);
  }

  private void makeFaulty(String node) {
    BlockPort port = BlockPlace.of(node).port(launch.machine()::port);
    FaultyDisk disk = new FaultyDisk(port.device());
    disks.add(disk);
    port.attach(disk, port.identity(), port.medium());
  }

  private void connect(String name) {
    Machine machine = launch.machine();
    String node = name.isEmpty() ? launch.console() : name;
    Transcript transcript = new Transcript(name.isEmpty() ? options.console() : b -> {});
    if (!node.isEmpty() && node.equals(launch.console())) {
      driver.board(transcript);
    } else if (node.startsWith("/")) {
      if (launch.platform().node(node).isEmpty()) {
        throw new BadInput("console '" + node + "': " + launch.platform().name() + " has no such node");
      }
      machine.port(node, SerialPort.class).connect(transcript);
    } else if (!node.isEmpty()) {
      knowing.put(name, services.consoles().reversed().stream().filter(c -> c.connect(machine, node, transcript)).findFirst()
          .orElseThrow(() -> new BadInput("console '" + node + "': no such console; name a UART's node, /pl011@9000000 say, or a"
              + " console that an installed bundle knows")));
    }
    consoles.put(name, transcript);
  }

  /** What a scenario injects is no trouble of the host's. */
  private void hostFailed(String kind, String place, String text) {
    if (!text.endsWith(FaultyDisk.INJECTED)) {
      options.progress().progress(kind + " " + place + ": " + text);
    }
  }

  private void event(String kind, String place, String text) {
    if (events.size() == EVENTS) {
      events.removeFirst();
    }
    String first = text.lines().findFirst().orElse("");
    events.add(kind + " " + place + ": " + first);
  }

  Machine machine() {
    return launch.machine();
  }

  /** Whether there is a machine. */
  boolean begun() {
    return life.begun();
  }

  Transcript console(String name) {
    return consoles.get(name);
  }

  /** What a console is called in a report. */
  String nameOf(String console) {
    return console.isEmpty() ? launch.console().isEmpty() ? "the console" : launch.console() : console;
  }

  /** How many events of each kind there were, those of a boot among them that it goes on from. */
  Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>(before);
    machine().events().forEach((kind, count) -> counts.merge(kind, count, Long::sum));
    return counts;
  }

  List<String> events() {
    return List.copyOf(events);
  }

  FaultyDisk disk(int number) {
    return disks.get(number);
  }

  void type(String console, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String node = console.isEmpty() ? launch.console() : console;
    if (node.isEmpty()) {
      throw new StepFailure(ExitCode.BAD_INPUT, "a console to type at", "the board has none");
    }
    if (node.startsWith("/")) {
      machine().input("serial", node, bytes);
      return;
    }
    try {
      knowing.get(console).type(machine(), node, bytes);
    } catch (IllegalArgumentException e) {
      throw new StepFailure(ExitCode.BAD_INPUT, "a console '" + node + "' to type at", e.getMessage());
    }
  }

  /**
   * Runs until something holds that stops the machine, or for some virtual time, or to the guest's end.
   *
   * @param time most virtual nanoseconds from now
   * @param done what is waited for
   * @return why it ended; {@code STOPPED} only if {@code done} holds
   * @throws StepFailure if a limit of the whole scenario was reached or the machine has a fault
   */
  StopReason run(long time, BooleanSupplier done, String expected) {
    long deadline = machine().now() + time < 0 ? Long.MAX_VALUE : machine().now() + time;
    for (;;) {
      if (watch.expired()) {
        throw new StepFailure(ExitCode.LIMIT, expected, "the scenario took more than its limit of " + seconds(script.hostLimit())
            + " of host time");
      }
      StopReason reason = driver.run(new RunLimit(Math.min(deadline, script.virtualLimit()), Long.MAX_VALUE), done);
      if (reason == null) {
        throw left(expected);
      }
      if (reason == StopReason.FAULT) {
        throw new StepFailure(ExitCode.INTERNAL_FAULT, expected, "the machine had an internal fault");
      }
      if (done.getAsBoolean()) {
        return reason;
      }
      if (reason != StopReason.STOPPED && driver.panic().panicked()) {
        throw new StepFailure(expected, "the guest panicked: '" + driver.panic().message() + "'");
      }
      if (reason == StopReason.LIMIT && script.virtualLimit() < deadline) {
        throw new StepFailure(ExitCode.LIMIT, expected, "the scenario reached its limit of " + seconds(script.virtualLimit())
            + " of virtual time");
      }
      if (reason != StopReason.STOPPED) {
        return reason;
      }
    }
  }

  private StepFailure left(String expected) {
    return new StepFailure(driver.isQuitting() ? ExitCode.LIMIT : ExitCode.INTERNAL_FAULT, expected, driver.left().toString());
  }

  /** To the next safe point, where inputs are applied and actions run, and no further. */
  void settle(String expected) {
    if (driver.run(new RunLimit(machine().now(), Long.MAX_VALUE), () -> true) == null) {
      throw left(expected);
    }
  }

  /** Runs likewise to a reset, which is the end of this run whatever else it is; the next one begins with what follows it. */
  StopReason runToReset(long time, String expected) {
    Runnable boot = machine().onReset(null);
    try {
      return run(time, () -> false, expected);
    } finally {
      machine().onReset(boot);
    }
  }

  /** The panic that the guest may have had is no failure if this was waited for and is in what it said. */
  void expected(Pattern pattern) {
    driver.panic().expect(pattern);
  }

  /** A panic from now on is no failure. */
  void expectPanic() {
    driver.panic().expect();
  }

  /** Virtual or host time for people. */
  static String seconds(long nanoseconds) {
    return "%.6f".formatted(nanoseconds / SECOND).replaceFirst("\\.?0+$", "") + " s";
  }

  Path snapshot(String name) {
    return folder.resolve("snapshot-" + Integer.toHexString(name.hashCode()) + "-" + name.length());
  }

  void save(String name) {
    try {
      life.save(Files.createDirectories(snapshot(name)));
    } catch (IOException e) {
      throw new BadInput("the snapshot '" + name + "' can't be written: " + HostReason.of(e).text()
          + "; it belongs into the run's own folder: set TMPDIR to one that can be written and has room");
    }
    options.progress().progress("saved '" + name + "' at " + seconds(machine().now()) + " of virtual time");
  }

  void restore(String name) {
    life.closeForAnother();
    try {
      launch(RequestBuilder.ofSnapshot(snapshot(name)).option("engine", script.launch().option("engine")).option("on-reset", script.launch()
          .option("on-reset")).build());
    } catch (BadInput | IOException e) {
      throw new BadInput("the snapshot '" + name + "' can't be restored: " + HostReason.of(e).text());
    }
    options.progress().progress("restored '" + name + "', which goes on at " + seconds(machine().now()) + " of virtual time");
  }

  @Override
  public void close() {
    life.close();
  }
}
