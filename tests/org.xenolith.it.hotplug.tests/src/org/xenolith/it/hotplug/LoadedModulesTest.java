// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.symbols.LoadedCode;
import org.xenolith.inspect.symbols.MachineSymbols;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.PcGuest;
import org.xenolith.it.guest.ShellGuest;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;

/** Names of the modules that Debian's kernels have loaded, found in their memory: they are what the kernels say themselves. */
class LoadedModulesTest {
  private static final long LONG = 30_000_000_000L;

  @TempDir
  Path folder;

  private InspectedMachine view;
  private MachineSymbols symbols;

  private void look(GuestMachine guest) {
    view = InstalledProduct.get().service(MachineInspector.class).of(guest.machine());
    symbols = InstalledProduct.get().service(SymbolFinder.class).of(view);
  }

  private InspectedProcessor processor() {
    return view.processors().getFirst();
  }

  private List<String> loaded() {
    return symbols.images(processor()).stream().map(LoadedCode::name).toList();
  }

  @Test
  void anArmKernelsModulesAreKnownAsItLoadsThem() throws IOException {
    try (GuestMachine guest = ShellGuest.resume(new RandomDisk(1, 1 << 20).write(folder.resolve("disk.raw")))) {
      look(guest);
      sameAsItSays(guest, "virtio_blk", "virtio_queue_rq");
      stopsIn(guest, "/dev/vda", "virtio_queue_rq");
      comeAndGo(guest);
    }
  }

  @Test
  void aPcsKernelsModulesAreKnownAsItLoadsThem() throws IOException {
    try (GuestMachine guest = PcGuest.resume()) {
      look(guest);
      sameAsItSays(guest, "virtio_blk", "virtio_queue_rq");
      stopsIn(guest, "/dev/vda", "virtio_queue_rq");
      comeAndGo(guest);
    }
  }

  /** Each name of a module in the kernel's own list is known, at the same address and as the module's; so are all modules. */
  private void sameAsItSays(GuestMachine guest, String module, String known) {
    String says = guest.command("cut -d ' ' -f 1 /proc/modules");
    assertEquals(words(says), loaded());
    List<String> lines = says(guest.command("grep '\\[" + module + "\\]' /proc/kallsyms"));
    assertTrue(lines.size() > 20, lines::toString);
    for (String line : lines) {
      String[] parts = line.split("\\s+");
      long address = Long.parseUnsignedLong(parts[0], 16);
      if (!parts[2].startsWith("$")) {
        assertTrue(symbols.named(processor(), parts[2]).stream().anyMatch(each -> each.address() == address), line);
        assertTrue(symbols.text(processor(), address).orElseThrow().endsWith(" [" + module + "]"), line);
      }
    }
    Symbol function = symbols.named(processor(), known).getFirst();
    assertEquals(known + "+0x8 [" + module + "]", symbols.text(processor(), function.address() + 8).orElseThrow());
    assertEquals(function.address(), symbols.function(processor(), function.address() + 8));
  }

  private static List<String> says(String answer) {
    return answer.lines().map(String::strip).filter(each -> !each.isEmpty()).toList();
  }

  private static List<String> words(String answer) {
    return Arrays.asList(answer.strip().split("\\s+"));
  }

  private void stopsIn(GuestMachine guest, String disk, String function) {
    Symbol symbol = symbols.named(processor(), function).getFirst();
    try (var point = view.stops().add(new StopPlace.Instruction(symbol.address()))) {
      guest.type("dd if=" + disk + " of=/dev/null bs=4k count=1\n");
      assertEquals(StopReason.STOPPED, guest.machine().run(new RunLimit(guest.machine().now() + LONG, Long.MAX_VALUE)), guest::events);
      int cpu = view.stops().take().getFirst().processor().orElseThrow();
      InspectedProcessor at = view.processor(cpu).orElseThrow();
      List<String> calls = Arrays.stream(at.calls(32, address -> symbols.function(at, address))).mapToObj(address -> symbols.text(at,
          address)
          .orElse("")).toList();
      assertTrue(calls.getFirst().startsWith(function + " ["), calls::toString);
      assertTrue(calls.get(1).startsWith("blk_mq_"), calls::toString);
    }
    guest.runUntil(ShellGuest.PROMPT);
  }

  private void comeAndGo(GuestMachine guest) {
    assertFalse(loaded().contains("vfat"));
    guest.command("xl-load vfat");
    assertTrue(loaded().contains("vfat"), () -> loaded().toString());
    assertFalse(symbols.named(processor(), "vfat_lookup").isEmpty());
    guest.command("rmmod vfat");
    assertFalse(loaded().contains("vfat"), () -> loaded().toString());
    assertTrue(symbols.named(processor(), "vfat_lookup").isEmpty());
  }
}
