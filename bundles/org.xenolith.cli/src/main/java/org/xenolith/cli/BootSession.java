package org.xenolith.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.BootLoader;
import org.xenolith.boot.api.BootModule;
import org.xenolith.boot.api.BootPlan;
import org.xenolith.boot.api.BootRequest;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.MemoryRange;
import org.xenolith.console.api.SerialPort;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.machine.control.MachineBuilder.MachineRequest;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;

/** One run of {@code boot}: build, load, execute, report. */
final class BootSession {
  private static final double NANOSECONDS = 1e9;
  /** Kinds of events that are no doing of the guest's: told even when not verbose. */
  private static final Set<String> OURS = Set.of("internal-fault", "journal-failed", "input-lost", "model-failed");
  private final Installed installed;
  private final BootCommand wish;
  private final PrintWriter err;

  BootSession(Installed installed, BootCommand wish, PrintWriter err) {
    this.installed = installed;
    this.wish = wish;
    this.err = err;
  }

  int run() throws IOException {
    SavedBoot saved = wish.load == null ? null : SavedBoot.read(wish.load);
    Platform platform = saved == null ? new BoardSelection(installed).choose(wish) : saved.platform(installed, wish.load);
    try (DiskSet disks = new DiskSet(installed, saved == null ? wish.disks : saved.disks())) {
      return run(platform, saved, disks);
    }
  }

  private int run(Platform platform, SavedBoot saved, DiskSet disks) throws IOException {
    Map<String, String> functions = disks.place(platform);
    List<BootModule> modules = GuestSelection.modules(wish.modules);
    GuestImage image = saved == null ? new GuestSelection(installed, err).choose(wish) : null;
    try (Machine machine = installed.builder().build(new MachineRequest(platform, wish.engine, functions))) {
      machine.eventListener(this::tell);
      disks.attach(machine);
      if (saved == null) {
        boot(machine, platform, image, modules);
      } else {
        FileOption.use("--load", wish.load, machine::restore);
      }
      return execute(machine, platform, saved == null ? image.name() : saved.guest(), disks);
    }
  }

  private void tell(String kind, String place, String text) {
    if (!wish.verbose && !OURS.contains(kind)) {
      return;
    }
    err.println("xenolith: " + kind + " " + place + ": " + text);
    err.flush();
  }

  private void boot(Machine machine, Platform platform, GuestImage image, List<BootModule> modules) {
    Fdt tree = TreeEdits.disabled(platform.source(), machine.unmodelled());
    if (wish.verbose) {
      machine.unmodelled().forEach(node -> err.println("xenolith: no model for " + node + ": disabled for the guest"));
    } else if (!machine.unmodelled().isEmpty()) {
      err.println("xenolith: " + machine.unmodelled().size() + " nodes without a model are disabled for the guest"
          + " (listed with --verbose and in the report)");
    }
    List<MemoryRange> memory = platform.memory().stream().map(BootSession::range).toList();
    if (memory.isEmpty()) {
      throw new BadInput(platform.name() + " has no memory: say how much with --memory");
    }
    BootRequest request = BootRequest.of(image, ShellWish.words(image.name(), wish, TerminalConsole.attached()), memory).withModules(modules);
    BootPlan plan = plan(request, image);
    byte[] blob = FdtWriter.write(TreeEdits.chosen(tree, plan.deviceTree()));
    plan.load(machine::load, blob);
    machine.start(plan.entry().pc(), plan.entry().x0());
  }

  private BootPlan plan(BootRequest request, GuestImage image) {
    String kernel = wish.kernel == null ? "guest " + image.name() : "--kernel '" + wish.kernel + "'";
    BootLoader loader = installed.loaders().stream().filter(l -> l.recognises(image.kernel())).findFirst()
        .orElseThrow(() -> new BadInput(kernel + ": no format that an installed boot loader knows; expected "
            + String.join(" or ", installed.loaders().stream().map(BootLoader::format).toList()) + ", plain or gzip"));
    try {
      return loader.plan(request);
    } catch (BootException e) {
      throw new BadInput(kernel + ": " + e.getMessage());
    }
  }

  private static MemoryRange range(AddressWindow window) {
    return new MemoryRange(window.base(), window.size());
  }

  private int execute(Machine machine, Platform platform, String guest, DiskSet disks) throws IOException {
    boolean terminal = TerminalConsole.attached();
    var out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 13);
    ConsoleOutput console = new ConsoleOutput(out, wish.marker(), terminal || wish.stdin, machine::stop);
    String place = StandardOutput.node(platform);
    if (!place.isEmpty()) {
      machine.port(place, SerialPort.class).connect(console);
    }
    machine.inputHandler("serial", (node, bytes) -> machine.port(node, SerialPort.class).offer(bytes));
    if (wish.record != null) {
      FileOption.use("--record", wish.record, machine::record);
    }
    if (wish.replay != null) {
      FileOption.use("--replay", wish.replay, machine::replay);
    }
    err.flush();
    double start = sinceStart();
    long began = System.nanoTime();
    StopReason reason;
    try (var keyboard = InputSource.open(terminal, wish, place, machine, installed, err);
        var folder = PluginsFolder.watch(wish.plugins, installed.change(), err)) {
      // Without it a guest that waits for input would run through all its virtual time before the first key comes.
      machine.governor((terminal || wish.stdin) && wish.replay == null);
      reason = machine.run(new RunLimit((long) (wish.limit * NANOSECONDS), Long.MAX_VALUE));
    }
    double host = (System.nanoTime() - began) / NANOSECONDS;
    console.flush();
    if (wish.save != null) {
      FileOption.use("--save", wish.save, folder -> {
        machine.save(folder);
        SavedBoot.of(guest, disks.texts(), platform).write(folder, platform);
      });
    }
    return finish(machine, platform, guest, console, reason, start, host);
  }

  /** Host seconds since the launcher script began, or since the program did when it was started without it. */
  private static double sinceStart() {
    Long microseconds = Long.getLong("xenolith.started");
    Instant began = microseconds != null ? Instant.EPOCH.plus(microseconds, ChronoUnit.MICROS)
        : ProcessHandle.current().info().startInstant().orElse(Instant.now());
    return Duration.between(began, Instant.now()).toNanos() / NANOSECONDS;
  }

  private int finish(Machine machine, Platform platform, String guest, ConsoleOutput console, StopReason reason,
      double start, double host) {
    String outcome = console.seen() ? "marker" : switch (reason) {
      case POWER_OFF -> "poweroff";
      case RESET -> "guest-failed";
      case IDLE -> "idle";
      case LIMIT -> "limit";
      case STOPPED -> "stopped";
      case FAULT -> "fault";
    };
    if (wish.report != null) {
      Map<String, Long> events = machine.events();
      new RunReport(outcome, machine.instructions(), machine.now() / NANOSECONDS, host, start, machine.digest(), events,
          events.getOrDefault("unmodelled-access", 0L), machine.unmodelled(), guest, platform.name()).write(wish.report);
    }
    String says = switch (outcome) {
      case "guest-failed" -> "the guest asked for a reset after %.3f virtual seconds (a panic does that)";
      case "idle" -> "the guest waits for ever: all CPUs idle after %.3f virtual seconds and nothing is armed";
      case "limit" -> "the limit of virtual time was reached at %.3f s" + (wish.until == null ? ""
          : " and '" + wish.until + "' was not seen");
      case "fault" -> "internal fault at %.3f virtual seconds";
      default -> "";
    };
    if (!says.isEmpty()) {
      err.printf("%nxenolith: " + says.replace("'" + wish.until + "'", "the --until text") + "%n",
          machine.now() / NANOSECONDS);
      if (console.bytes() == 0) {
        err.println("xenolith: the guest never wrote to its console");
      }
      err.flush();
    }
    if (console.trouble() != null) {
      err.println("xenolith: " + console.trouble());
      return ExitCode.BAD_INPUT;
    }
    return switch (outcome) {
      case "marker", "poweroff", "stopped" -> ExitCode.DONE;
      case "limit" -> ExitCode.LIMIT;
      case "fault" -> ExitCode.INTERNAL_FAULT;
      default -> ExitCode.GUEST_FAILED;
    };
  }
}
