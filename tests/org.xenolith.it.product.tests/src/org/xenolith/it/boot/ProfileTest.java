// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.xenolith.testkit.FullLane;
import org.xenolith.testkit.Lane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;

/** Debian is profiled as it boots: bare metal and as Dom0, on both engines. It does the same, and what costs much is known by name. */
@FullLane
@Order(2)
class ProfileTest {
  private static final Object[] LINE = {"--guest", "debian", "--append", Boot.SHORT, "--until", "XENOLITH-MARKER"};
  /** The kernel unpacks its first root file system and sorts its tables, whatever machine it is on. */
  private static final List<String> BUSY = List.of("inflate_fast", "sort_r", "memset", "strcmp");
  private static final long PERIOD = 20_011;

  @TempDir
  private Path work;

  private static Object[] with(Object[] some, Object... more) {
    return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray();
  }

  private Path profiled(String name, Object... line) throws InterruptedException {
    Boot plain = Boot.run(work, "plain", 0, line);
    Path folder = work.resolve(name);
    Boot boot = Boot.run(work, name + "-boot", 0, with(line, "--profile", folder, "--profile-period", PERIOD));
    assertEquals(plain.outcome().out(), boot.outcome().out());
    assertEquals(plain.report().number("instructions"), boot.report().number("instructions"));
    assertEquals(plain.report().digest(), boot.report().digest());
    return folder;
  }

  /** Instructions by innermost frame. */
  private static Map<String, Long> functions(Path folder) throws IOException {
    try (Stream<String> lines = Files.lines(folder.resolve("instructions.collapsed"))) {
      return lines.map(line -> line.substring(line.lastIndexOf(';') + 1)).collect(Collectors.groupingBy(
          frame -> frame.substring(0, frame.lastIndexOf(' ')),
          Collectors.summingLong(frame -> Long.parseLong(frame.substring(frame.lastIndexOf(' ') + 1)))));
    }
  }

  private static void assertNamed(Path folder, List<String> busy) throws IOException {
    Map<String, Long> functions = functions(folder);
    List<String> busiest = functions.entrySet().stream().sorted(Map.Entry.<String, Long>comparingByValue().reversed()).limit(40)
        .map(Map.Entry::getKey).toList();
    busy.forEach(function -> assertTrue(busiest.contains(function), () -> function + " is not among " + busiest));
    long all = functions.values().stream().mapToLong(Long::longValue).sum();
    long unnamed = functions.entrySet().stream().filter(f -> f.getKey().startsWith("0x")).mapToLong(Map.Entry::getValue).sum();
    assertTrue(unnamed < all / 50, unnamed + " of " + all + " instructions have no name");
  }

  private static void assertPlausible(Path folder, String kernel) throws IOException {
    assertNamed(folder, BUSY);
    assertTrue(Files.readString(folder.resolve("instructions.collapsed")).lines().anyMatch(line -> line.startsWith(kernel
        + ";ret_from_fork;kernel_init;kernel_init_freeable;do_one_initcall;")), "no stack of the kernel's start");
    String text = Files.readString(folder.resolve("profile.txt"));
    for (String part : List.of("symbols of its own", "Functions by what they do themselves", "write /pl011@9000000", "to EL1: SVC")) {
      assertTrue(text.contains(part), () -> "'" + part + "' is not in\n" + text);
    }
    String page = Files.readString(folder.resolve("flame.html"));
    assertTrue(page.contains("\"inflate_fast\"") && !page.contains("http"), "the flame graph needs names and no network");
  }

  @TestFactory
  List<DynamicTest> theInterpretersGuestIsTheSameAndItsBusiestFunctionsAreKnown() {
    return Lane.onlyFull(DynamicTest.dynamicTest("interpreter", () -> assertPlausible(profiled("interpreter", with(LINE, "--engine",
        "interpreter")), "kernel")));
  }

  @Test
  void regionsOnTwoCpusAreCounted() throws Exception {
    Path folder = profiled("regions", with(LINE, "--engine", "regions", "--cpus", 2));
    assertPlausible(folder, "kernel");
    String text = Files.readString(folder.resolve("profile.txt"));
    assertTrue(text.matches("(?s).*Executed in regions [1-9]\\d\\.\\d+ %.*Ways out of regions.*"), text);
  }

  /** The page has the same parts as one of an Arm machine, in the words of a PC. */
  @Test
  void aPcsKernelIsKnownByNameAsWell() throws Exception {
    Path folder = profiled("pc", "pc-pvh", "--guest", "debian-amd64", "--until", "XENOLITH-MARKER");
    assertNamed(folder, List.of("inflate_fast", "mpihelp_submul_1"));
    String text = Files.readString(folder.resolve("profile.txt"));
    List<String> titles = text.lines().filter(line -> line.matches("[A-Z].* \\(.*\\)")).map(line -> line.replaceFirst(" \\(.*", ""))
        .toList();
    assertEquals(List.of("Where", "Functions by what they do themselves", "Functions with what they call",
        "Exits from guest code, without those that they led to", "Exceptions"), titles);
    for (String part : List.of("kernel: ", "symbols of its own", "to CPL 0: #PF", "kernel\n", "user, CR3 0x")) {
      assertTrue(text.contains(part), () -> "'" + part + "' is not in\n" + text);
    }
    assertTrue(Files.readString(folder.resolve("flame.html")).contains("\"inflate_fast\""), "the flame graph needs names");
  }

  @Test
  void aPcsDomainsAreToldApartAndTheHypervisorIsAnExit() throws Exception {
    Path folder = profiled("pc-dom0", "pc-pvh", "--guest", "debian-amd64", "--hypervisor", "--memory", "1G", "--until", "XENOLITH-MARKER");
    assertNamed(folder, List.of("inflate_fast", "mpihelp_submul_1"));
    String text = Files.readString(folder.resolve("profile.txt"));
    for (String part : List.of("d0 kernel: ", "hypervisor VMCALL", "hypervisor OUT", "to CPL 0: #PF")) {
      assertTrue(text.contains(part), () -> "'" + part + "' is not in\n" + text);
    }
  }

  @Test
  void domainsAreToldApartAndTheHypervisorIsAnExit() throws Exception {
    Path folder = profiled("dom0", with(LINE, "--hypervisor", "--memory", "768M"));
    assertPlausible(folder, "d0 kernel");
    String text = Files.readString(folder.resolve("profile.txt"));
    assertTrue(text.contains("hypervisor HVC") && text.contains("to EL2: HVC"), text);
  }

  /** The guide's last command writes a flight recording. */
  @Test
  void theGuidesCommandsWork() throws Exception {
    Path guide = Product.root().resolve("docs/guides/profile.md");
    Matcher fences = Pattern.compile("(?ms)^```sh\\n(.*?)^```").matcher(Files.readString(guide));
    int commands = 0;
    while (fences.find()) {
      for (String line : fences.group(1).replace("\\\n", " ").lines().toList()) {
        Product.guide(line.replace("target/", work + "/")).expect(0);
        commands++;
      }
    }
    assertEquals(4, commands);
    List<RecordedEvent> events = RecordingFile.readAllEvents(work.resolve("boot.jfr"));
    assertTrue(events.stream().anyMatch(event -> event.getEventType().getName().equals("org.xenolith.Exit")
        && event.getString("kind").equals("write") && event.getString("place").equals("/pl011@9000000")), "no exit");
    assertTrue(events.stream().anyMatch(event -> event.getEventType().getName().equals("org.xenolith.Translation")),
        "no translation");
  }

  @Test
  void aWrongPeriodOrFileIsSaid() throws Exception {
    Product.run("boot", "--guest", "tiny", "--profile", work.resolve("x"), "--profile-period", 5).expect(2).errHas("at least 100");
    Product.run("boot", "--guest", "tiny", "--symbols", "x").expect(2).errHas("--profile");
    Product.run("boot", "--guest", "tiny", "--profile", work.resolve("x"), "--symbols", work.resolve("none")).expect(2)
        .errHas("--symbols .*there is no");
    Product.run("boot", "--guest", "tiny", "--profile", work.resolve("a/b")).expect(2).errHas("--profile .*there is no folder");
  }
}
