// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.efi.api.RuntimeServicesPort;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.kit.RuntimeFunction;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.testkit.FullLane;

/** EFI's runtime services of domains: code in their memory, down to a store and a clock of their own. */
class EfiDomUTest {
  private static final long SEED = 15;
  private static final int OPERATIONS = 600;
  private static final String NOT_READY = "8000000000000006";
  private static final VariableName NEXT = VariableName.global("BootNext");

  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private HypervisorGuest launch(List<String> settings, String... domUs) throws IOException {
    Path kernel = Files.write(folder.resolve("caller"), CallingKernel.image());
    List<Path> configs = Stream.of(domUs).map(name -> config(name, kernel)).toList();
    return HypervisorGuest.launch(RequestBuilder.of("virt").memory(256L << 20).kernel(kernel).hypervisor(true).settings(settings)
        .domUs(configs).option("firmware", List.of("acpi")).build());
  }

  private Path config(String name, Path kernel) {
    try {
      return Files.writeString(folder.resolve(name + ".cfg"), "name = \"%s\"\nkernel = \"%s\"\nmemory = 16\nacpi = 1\n"
          .formatted(name, kernel) + "extra = \"efi=novamap\"\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CodeWay way(HypervisorGuest guest, String name, Runnable before) {
    return new CodeWay(new CallingKernel(guest.machine(), guest.domain(name)), guest.domain(name), before);
  }

  private static CodeWay way(HypervisorGuest guest, String name) {
    return way(guest, name, () -> {});
  }

  /** What the board's firmware answers. */
  private List<String> expected() throws IOException {
    try (HypervisorGuest guest = launch(List.of())) {
      CallingKernel kernel = new CallingKernel(guest.machine(), guest.domain("Domain-0"));
      return EfiScript.run(SEED, OPERATIONS, new DirectWay(guest.machine().port(FirmwareNode.PATH, RuntimeServicesPort.class),
          kernel::step));
    }
  }

  private void replace(String bundle) {
    try {
      Change done = product.change().replace(bundle, new ByteArrayInputStream(product.jar(bundle)));
      assertTrue(done.done(), done::toString);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whatever is replaced between two calls, the next one is answered as if nothing had happened. */
  @Test
  void aDomainsCodeGivesTheResultsOfTheBoardsFirmwareWhileAllBehindItIsReplaced() throws IOException {
    List<String> bundles = List.of("hyp.efi.direct", "efi.variables", "efi.clock.pl031", "firmware.efi", "hyp.vpsci", "hyp.arm",
        "hyp.build.arm.acpi.domu");
    int[] calls = {0};
    List<String> told;
    try (HypervisorGuest guest = launch(List.of(), "guest")) {
      told = EfiScript.run(SEED, OPERATIONS, way(guest, "guest", () -> {
        if (++calls[0] % 40 == 0) {
          replace("org.xenolith." + bundles.get(calls[0] / 40 % bundles.size()));
        }
      }));
    }
    assertTrue(calls[0] > OPERATIONS, "only " + calls[0]);
    assertEquals(String.join("\n", expected()), String.join("\n", told));
    assertTrue(told.stream().filter(line -> line.contains(": 0 ")).count() > OPERATIONS / 3, "most do nothing: " + told);
  }

  @Test
  void eachDomainHasVariablesAndAClockOfItsOwn() throws IOException {
    try (HypervisorGuest guest = launch(List.of(), "one", "two")) {
      CodeWay one = way(guest, "one");
      CodeWay two = way(guest, "two");
      HypercallWay dom0 = new HypercallWay(new CallingKernel(guest.machine(), guest.domain("Domain-0")));
      assertEquals("0 ", one.set(NEXT, 7, new byte[] {1, 0}));
      assertEquals("0 ", two.set(NEXT, 7, new byte[] {2, 0}));
      assertEquals("0 2 7 0100", one.get(NEXT, 10));
      assertEquals("0 2 7 0200", two.get(NEXT, 10));
      assertEquals("800000000000000e 10 0 ", dom0.get(NEXT, 10));
      assertEquals("0 ", one.setTime(EfiTime.utc(2030, 1, 2, 3, 4, 5).toBytes()));
      assertEquals("0 ", one.setWakeupTime(true, EfiTime.utc(2030, 1, 2, 3, 4, 5).toBytes()));
      assertEquals("0 ee07010203040500", one.getTime().substring(0, 18));
      assertTrue(one.getWakeupTime().endsWith(" 3"), "it is due: " + one.getWakeupTime());
      assertTrue(two.getWakeupTime().endsWith(" 0"), two::getWakeupTime);
      assertEquals(dom0.getTime().substring(0, 14), two.getTime().substring(0, 14), "the board's");
      assertNotEquals(one.getTime().substring(0, 14), two.getTime().substring(0, 14));
    }
  }

  /** The tool stack builds it again after its ResetSystem: another domain, of the same UUID. */
  @Test
  @FullLane
  void aResetDomainFindsItsVariablesAndItsClock() throws IOException {
    try (HypervisorGuest guest = launch(List.of(), "guest")) {
      CallingKernel kernel = new CallingKernel(guest.machine(), guest.domain("guest"));
      CodeWay before = new CodeWay(kernel, guest.domain("guest"));
      int serial = guest.domain("guest").serial();
      assertEquals("0 ", before.set(NEXT, 7, new byte[] {1, 0}));
      assertEquals("0 ", before.setTime(EfiTime.utc(2030, 1, 2, 3, 4, 5).toBytes()));
      kernel.leaveTo(before.pointer(RuntimeFunction.RESET_SYSTEM), 0, 0, 0, 0);
      for (int i = 0; i < 1000 && guest.domain("guest").serial() == serial; i++) {
        kernel.step();
      }
      assertNotEquals(serial, guest.domain("guest").serial());
      CodeWay after = way(guest, "guest");
      assertEquals("0 2 7 0100", after.get(NEXT, 10));
      assertEquals("0 ee070102", after.getTime().substring(0, 10));
    }
  }

  @Test
  @FullLane
  void aSnapshotHasVariablesAndClocksOfDomains() throws IOException {
    String time;
    try (HypervisorGuest guest = launch(List.of(), "guest")) {
      CodeWay way = way(guest, "guest");
      assertEquals("0 ", way.set(NEXT, 7, new byte[] {1, 0}));
      assertEquals("0 ", way.setTime(EfiTime.utc(2030, 1, 2, 3, 4, 5).toBytes()));
      guest.save(folder.resolve("snapshot"));
      time = way.getTime();
    }
    try (HypervisorGuest guest = HypervisorGuest.launch(RequestBuilder.ofSnapshot(folder.resolve("snapshot")).build())) {
      CodeWay way = way(guest, "guest");
      assertEquals(time, way.getTime());
      assertEquals("0 2 7 0100", way.get(NEXT, 4096));
    }
  }

  @Test
  @FullLane
  void whatIsAwayIsNotReadyAndNothingIsLost() throws IOException {
    try (HypervisorGuest guest = launch(List.of(), "guest")) {
      CodeWay way = way(guest, "guest");
      assertEquals("0 ", way.set(NEXT, 7, new byte[] {1, 0}));
      for (String bundle : List.of("org.xenolith.efi.variables", "org.xenolith.hyp.efi.direct")) {
        assertTrue(product.change().remove(bundle).done());
        assertEquals(NOT_READY + " 4096 0 ", way.get(NEXT, 4096), bundle);
        assertTrue(product.change().add(new ByteArrayInputStream(product.jar(bundle))).done());
        assertEquals("0 2 7 0100", way.get(NEXT, 4096), bundle);
      }
    }
  }

  @Test
  @FullLane
  void strictXenAndAProductWithoutTheBundleHaveNoCode() throws IOException {
    try (HypervisorGuest guest = launch(List.of("/xenolith-hypervisor:strict-xen=true"), "guest")) {
      assertEquals(0, guest.domain("guest").memory().read64(CodeWay.systemTable(guest.domain("guest")) + 88));
    }
    assertTrue(product.change().remove("org.xenolith.hyp.efi.direct").done());
    try (HypervisorGuest guest = launch(List.of(), "guest")) {
      assertEquals(0, guest.domain("guest").memory().read64(CodeWay.systemTable(guest.domain("guest")) + 88));
    }
  }
}
