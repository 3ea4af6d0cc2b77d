// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.inspect.api.InspectedMachine;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.ProcessorPlace;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.symbols.MachineSymbols;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/** Names of kernels before they have turned translation on, and of those of domains. */
class NamesOfGuestsTest {
  @TempDir
  Path folder;

  private InspectedMachine view;
  private MachineSymbols symbols;

  private void look(Machine machine) {
    view = InstalledProduct.get().service(MachineInspector.class).of(machine);
    symbols = InstalledProduct.get().service(SymbolFinder.class).of(view);
  }

  private InspectedProcessor processor() {
    return view.processors().getFirst();
  }

  private String here() {
    return symbols.text(processor(), processor().place().address()).orElse("");
  }

  private List<String> calls() {
    return Arrays.stream(processor().calls(32, address -> symbols.function(processor(), address))).mapToObj(address -> symbols.text(
        processor(), address).orElse("?")).toList();
  }

  private long address(String name) {
    List<Symbol> found = symbols.named(processor(), name);
    assertTrue(!found.isEmpty(), name);
    return found.getFirst().address();
  }

  private static StopReason run(Machine machine, long instructions) {
    return machine.run(new RunLimit(Long.MAX_VALUE, machine.instructions() + instructions));
  }

  @Test
  void anArmKernelHasItsNamesBeforeItTurnsTranslationOn() throws IOException {
    try (GuestMachine guest = GuestMachine.launch(RequestBuilder.of("virt").cpus(1).memory(256L << 20).build())) {
      look(guest.machine());
      run(guest.machine(), 3);
      assertEquals(0x4021_0000, address("_stext"), "where its image was put");
      run(guest.machine(), 4);
      assertEquals(List.of("preserve_boot_args", "primary_entry"), calls().stream().map(each -> each.replaceFirst("\\+.*", "")).toList());
      stopsAt(guest.machine(), "__cpu_setup");
      stopsAt(guest.machine(), "__enable_mmu");
    }
  }

  @Test
  void aPcsKernelHasItsNamesBeforeItTurnsTranslationOn() throws IOException {
    try (GuestMachine guest = GuestMachine.launch(RequestBuilder.of("pc-pvh").guest("debian-amd64-cloud").cpus(1).memory(256L << 20)
        .build())) {
      look(guest.machine());
      run(guest.machine(), 1);
      assertEquals("pvh_start_xen", here().replaceFirst("\\+.*", ""));
      stopsAt(guest.machine(), "startup_64");
    }
  }

  /** By its name, at the address that it has now. */
  private void stopsAt(Machine machine, String name) {
    long address = address(name);
    assertTrue(address >= 0, "where it is physically: 0x" + Long.toHexString(address));
    try (var point = view.stops().add(new StopPlace.Instruction(address))) {
      assertEquals(StopReason.STOPPED, run(machine, 100_000_000), name);
      view.stops().take();
      assertEquals(name, here());
    }
  }

  @FullLane
  @Test
  void eachDomainsKernelHasNamesOfItsOwn() throws IOException {
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.of("virt").cpus(1).memory(1L << 30).guest("debian").hypervisor(true)
        .domUs(
            List.of(domain())).build())) {
      Machine machine = guest.machine();
      look(machine);
      run(machine, 1_200_000_000);
      Set<String> kernels = new TreeSet<>();
      for (int i = 0; i < 400 && kernels.size() < 2; i++) {
        ProcessorPlace place = processor().place();
        if (place.address() < 0 && symbols.kernel(processor()).isPresent()) {
          assertNotEquals("", here(), place::toString);
          kernels.add(view.guest(place) + " at 0x" + Long.toHexString(address("start_kernel")));
        }
        run(machine, 2_000_003);
      }
      System.out.println(kernels);
      assertEquals(2, kernels.size(), kernels::toString);
      assertEquals(2, kernels.stream().map(each -> each.replaceFirst(" .*", "")).distinct().count(), kernels::toString);
      assertEquals(2, kernels.stream().map(each -> each.replaceFirst(".* ", "")).distinct().count(), "each was moved by itself: "
          + kernels);
    }
  }

  private Path domain() throws IOException {
    GuestImageFile debian = GuestImageFile.of("debian");
    return Files.writeString(folder.resolve("one.cfg"), """
        name = "one"
        kernel = "%s"
        ramdisk = "%s"
        memory = 192
        vcpus = 1
        extra = "console=hvc0"
        """.formatted(Files.write(folder.resolve("kernel"), debian.kernel()), Files.write(folder.resolve("ramdisk"), debian.initrd())));
  }

  private record GuestImageFile(byte[] kernel, byte[] initrd) {
    static GuestImageFile of(String name) {
      org.xenolith.boot.api.GuestImage image = InstalledProduct.get().services(GuestSource.class).stream().filter(each -> each.name()
          .equals(name))
          .findFirst().orElseThrow().obtain(System.out::println, GuestRequest.PLAIN);
      return new GuestImageFile(image.kernel(), image.initrd().orElseThrow());
    }
  }
}
