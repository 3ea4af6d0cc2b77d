// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.console.api.SerialPort;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.hyp.api.ToolsPort;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.DeviceFact;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/**
 * Debian as Dom0 and as two more domains, {@code debian1} with the address 10.0.0.11 and {@code debian2} with 10.0.0.12, each
 * with a disk {@code /dev/xvda}; all wait at their shells. Booted once and saved, so that each test starts from there. On a PC, which has no Dom0 yet,
 * the first one is a PVH domain like the others.
 */
public final class TwoDomains implements AutoCloseable {
  /** Names of the domains. */
  public static final List<String> NAMES = List.of("Domain-0", "debian1", "debian2");
  private static final List<String> PC_NAMES = List.of("debian0", "debian1", "debian2");
  /** Virtual time that nothing here needs. */
  private static final long TOO_LONG = TimeUnit.SECONDS.toNanos(120);
  private static final int DISK_BYTES = 16 << 20;
  private static Path snapshot;
  private static Path pcSnapshot;

  private final Launch launch;
  private final List<String> names;
  private final List<GuestConsole> consoles = List.of(new GuestConsole(), new GuestConsole(), new GuestConsole());
  private final StringBuilder events;

  private TwoDomains(Launch launch, List<String> names, StringBuilder events) {
    this.launch = launch;
    this.names = names;
    this.events = events;
    if (names == NAMES) {
      machine().port(launch.console(), SerialPort.class).connect(consoles.get(0));
      machine().inputHandler("serial", (node, bytes) -> machine().port(node, SerialPort.class).offer(bytes));
    }
    for (int i = names == NAMES ? 1 : 0; i < names.size(); i++) {
      port(ConsolesPort.class).follow(names.get(i), consoles.get(i)::accept);
    }
  }

  /** A machine whose domains wait at their shells. */
  public static synchronized TwoDomains resume() throws IOException {
    if (snapshot == null) {
      Path folder = folder();
      snapshot = booted(dom0(folder).build(), NAMES, folder);
    }
    return launch(RequestBuilder.ofSnapshot(snapshot).build(), NAMES);
  }

  /** A PC whose three PVH domains wait at their shells. @param engine that executes them; an empty name is the best one's */
  public static synchronized TwoDomains resumeOnPc(String engine) throws IOException {
    if (pcSnapshot == null) {
      Path folder = folder();
      pcSnapshot = booted(pcRequest(folder), PC_NAMES, folder);
    }
    return launch(RequestBuilder.ofSnapshot(pcSnapshot).engine(engine).build(), PC_NAMES);
  }

  /** The same from a snapshot of such a PC. */
  public static TwoDomains resumeOnPc(Path from) {
    return launch(RequestBuilder.ofSnapshot(from).build(), PC_NAMES);
  }

  /** Domains of a machine as {@link #dom0} describes it, with networks outside, which wait at their shells. */
  public static TwoDomains connected(LaunchRequest request) {
    TwoDomains domains = launch(request, NAMES);
    domains.launch.connect(System.out::println);
    domains.runUntil(ShellGuest.PROMPT);
    return domains;
  }

  private static Path folder() throws IOException {
    Path folder = Files.createTempDirectory("xenolith-domains-");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
    return folder;
  }

  private static Path booted(LaunchRequest request, List<String> names, Path folder) throws IOException {
    try (TwoDomains booted = launch(request, names)) {
      booted.runUntil(ShellGuest.PROMPT);
      booted.save(folder.resolve("snapshot"));
    }
    return folder.resolve("snapshot");
  }

  /** Saves all that a launch of the snapshot needs. */
  public void save(Path folder) throws IOException {
    launch.save(folder);
  }

  private static TwoDomains launch(LaunchRequest request, List<String> names) {
    StringBuilder events = new StringBuilder();
    return new TwoDomains(InstalledProduct.get().service(Launcher.class).launch(request, System.out::println,
        (kind, place, text) -> events.append(kind).append(' ').append(place).append(": ").append(text).append('\n')), names, events);
  }

  /** The machine, before it is booted. @param folder gets the domains' files */
  public static RequestBuilder dom0(Path folder) throws IOException {
    List<Path> files = configs(folder, "debian", "", 1, 2);
    return RequestBuilder.of("virt").boardOption("gic", "2").memory(768L << 20).option("dom0-memory", "256M").guest(
        "debian")
        .append("quiet xl.shell").domUs(files);
  }

  private static LaunchRequest pcRequest(Path folder) throws IOException {
    return RequestBuilder.of("pc-pvh").cpus(2).memory(768L << 20).noDom0(true).domUs(configs(folder, "debian-amd64",
        "type = 'pvh'\nvcpus = 2\n", 0, 1, 2)).build();
  }

  private static List<Path> configs(Path folder, String source, String more, Integer... numbers) throws IOException {
    GuestImage debian = InstalledProduct.get().services(GuestSource.class).stream().filter(s -> s.name().equals(source)).findFirst()
        .orElseThrow(() -> new IllegalStateException("the guest " + source + " is not installed")).obtain(System.out::println,
            GuestRequest.PLAIN);
    Path kernel = Files.write(folder.resolve("kernel"), debian.kernel());
    Path ramdisk = Files.write(folder.resolve("ramdisk"), debian.initrd().orElseThrow());
    return Stream.of(numbers).map(number -> config(folder, kernel, ramdisk, number, more)).toList();
  }

  private static Path config(Path folder, Path kernel, Path ramdisk, int number, String more) {
    try {
      Path disk = Files.write(folder.resolve("disk" + number + ".img"), new byte[DISK_BYTES]);
      return Files.writeString(folder.resolve("debian" + number + ".cfg"), """
          name = "debian%d"
          kernel = "%s"
          ramdisk = "%s"
          memory = 160
          extra = "console=hvc0 quiet xl.domu xl.ip=10.0.0.1%d/24 xl.shell"
          disk = [ '%s,raw,xvda,rw' ]
          vif = [ 'mac=00:16:3e:00:00:0%d' ]
          """.formatted(number, kernel, ramdisk, number, disk, number) + more);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The machine itself. */
  public Machine machine() {
    return launch.machine();
  }

  /** A port of the hypervisor. */
  public <T> T port(Class<T> type) {
    return machine().port(HypervisorNode.PATH, type);
  }

  /** The console of the domain of that number; 0 is Dom0's or debian0's. */
  public GuestConsole console(int number) {
    return consoles.get(number);
  }

  /** Events of the machine so far, a line each. */
  public String events() {
    return events.toString();
  }

  /** Bundles of the hypervisor and its subsystems that are there now. */
  public List<String> bundles() {
    return machine().devices().stream().filter(d -> d.instance().startsWith(HypervisorNode.PATH)).map(DeviceFact::bundle)
        .filter(bundle -> !bundle.isEmpty()).distinct().toList();
  }

  /** Has a tool's command executed, as after {@code xl}; the machine stands still. @throws HypervisorException if it can't be */
  public String xl(String line) {
    return port(ToolsPort.class).execute(List.of(line.split(" ")));
  }

  /** Types a line at a domain's shell. */
  public void type(int number, String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.ISO_8859_1);
    if (number == 0 && names == NAMES) {
      machine().input("serial", launch.console(), bytes);
    } else {
      machine().input(ConsolesPort.INPUT, names.get(number), bytes);
    }
  }

  /** Stops the machine as soon as each console has got a text from now on: always at the same instruction. */
  public void stopWhen(String text) {
    int[] left = {consoles.size()};
    consoles.forEach(console -> console.when(text, () -> {
      if (--left[0] == 0) {
        machine().stop();
      }
    }));
  }

  /** Runs until each console has got a text. */
  public void runUntil(String text) {
    stopWhen(text);
    run(text);
  }

  /** Runs until the domain's console has got a text. */
  public void runUntil(int number, String text) {
    consoles.get(number).when(text, machine()::stop);
    run(text);
  }

  private void run(String text) {
    StopReason reason = machine().run(new RunLimit(machine().now() + TOO_LONG, Long.MAX_VALUE));
    if (reason != StopReason.STOPPED) {
      throw new AssertionError("ended with " + reason + " before '" + text + "'; " + this);
    }
  }

  /** Runs for some virtual time in ns, less if something stops the machine. */
  public StopReason runFor(long nanoseconds) {
    return machine().run(new RunLimit(machine().now() + nanoseconds, Long.MAX_VALUE));
  }

  /** Types a line and runs until the shell waits again. @return what the console got */
  public String command(int number, String line) {
    int from = consoles.get(number).length();
    type(number, line);
    runUntil(number, ShellGuest.PROMPT);
    return consoles.get(number).text().substring(from);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < consoles.size(); i++) {
      String all = consoles.get(i).text();
      text.append(names.get(i)).append(":\n").append(all.substring(Math.max(0, all.length() - 1500))).append('\n');
    }
    return text + "events:\n" + events.substring(Math.max(0, events.length() - 2000));
  }

  @Override
  public void close() {
    launch.close();
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      System.err.println(folder + " could not be deleted: " + e.getMessage());
    }
  }
}
