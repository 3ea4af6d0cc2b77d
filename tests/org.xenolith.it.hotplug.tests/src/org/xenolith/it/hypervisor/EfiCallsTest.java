// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.efi.api.RuntimeServicesPort;
import org.xenolith.efi.api.VariableName;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.LiveChange.Change;
import org.xenolith.machine.control.Machine;
import org.xenolith.testkit.FullLane;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.MemoryMap;
import org.xenolith.xen.abi.MemoryOp;
import org.xenolith.xen.abi.PlatformOp;

/** EFI's runtime services by hypercall, made by guests, down to the store on its disk. */
@FullLane
class EfiCallsTest {
  private static final long SEED = 15;
  private static final int OPERATIONS = 600;
  private static final long EPERM = -1;
  private static final long ENOSYS = -38;

  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private HypervisorGuest launch(Path store, List<String> settings, List<Path> domUs) throws IOException {
    Path kernel = Files.write(folder.resolve("caller"), CallingKernel.image());
    RequestBuilder request = RequestBuilder.of("virt").memory(256L << 20).kernel(kernel).hypervisor(true).settings(settings).domUs(domUs);
    return HypervisorGuest.launch(store == null ? request.build() : request.option("efi-variables", List.of(store.toString())).build());
  }

  private static CallingKernel dom0(HypervisorGuest guest) {
    return new CallingKernel(guest.machine(), guest.domain("Domain-0"));
  }

  /** The script's answers, with a store of its own. */
  private List<String> run(String store, BiFunction<Machine, CallingKernel, EfiWay> way) throws IOException {
    try (HypervisorGuest guest = launch(folder.resolve(store), List.of(), List.of())) {
      CallingKernel kernel = dom0(guest);
      return EfiScript.run(SEED, OPERATIONS, way.apply(guest.machine(), kernel));
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

  private static EfiWay direct(Machine machine, CallingKernel kernel) {
    return new DirectWay(machine.port(FirmwareNode.PATH, RuntimeServicesPort.class), kernel::step);
  }

  @Test
  void hypercallsAndTheServicesGiveEqualResultsAndEqualStores() throws IOException {
    List<String> called = run("called", (machine, kernel) -> new HypercallWay(kernel));
    List<String> direct = run("direct", EfiCallsTest::direct);
    assertEquals(String.join("\n", direct), String.join("\n", called));
    assertEquals(-1, Files.mismatch(folder.resolve("direct"), folder.resolve("called")));
    assertTrue(direct.stream().filter(line -> line.contains(": 0 ")).count() > OPERATIONS / 3, "most do nothing: " + direct);
    assertTrue(direct.getLast().contains("V-") && !direct.getLast().contains("8000000000000006"), direct.getLast());
  }

  /** Whatever is replaced between two calls, the next one is answered as if nothing had happened. */
  @Test
  void replacementsOfTheCallsAndOfAllBelowThemChangeNoAnswer() throws IOException {
    List<String> direct = run("direct", EfiCallsTest::direct);
    List<String> bundles = List.of("hyp.efi", "efi.variables", "firmware.efi", "hyp.platform", "efi.clock.pl031");
    int[] calls = {0};
    List<String> called = run("replaced", (machine, kernel) -> new HypercallWay(kernel, () -> {
      if (++calls[0] % 40 == 0) {
        replace("org.xenolith." + bundles.get(calls[0] / 40 % bundles.size()));
      }
    }));
    assertTrue(calls[0] > OPERATIONS, "only " + calls[0]);
    assertEquals(String.join("\n", direct), String.join("\n", called));
    assertEquals(-1, Files.mismatch(folder.resolve("direct"), folder.resolve("replaced")));
  }

  @Test
  void aRemovedBundleIsAnUnknownCallAndAStoreThatIsAwayIsNotReady() throws IOException {
    try (HypervisorGuest guest = launch(folder.resolve("store"), List.of(), List.of())) {
      HypercallWay way = new HypercallWay(dom0(guest));
      VariableName name = VariableName.global("BootNext");
      assertEquals("0 ", way.set(name, 7, new byte[] {1, 0}));
      assertTrue(product.change().remove("org.xenolith.efi.variables").done());
      assertEquals("8000000000000006 4096 0 ", way.get(name, 4096));
      assertTrue(product.change().remove("org.xenolith.hyp.efi").done());
      assertEquals(ENOSYS, way.call(PlatformOp.XENPF_efi_runtime_call));
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar("org.xenolith.hyp.efi"))).done());
      assertTrue(product.change().add(new ByteArrayInputStream(product.jar("org.xenolith.efi.variables"))).done());
      assertEquals("0 2 7 0100", way.get(name, 4096));
    }
  }

  @Test
  void aDomUIsRefusedAndDom0SeesTheMachinesMemory() throws IOException {
    Path config = Files.writeString(folder.resolve("guest.cfg"), "name = \"guest\"\nkernel = \"%s\"\nmemory = 16\n"
        .formatted(folder.resolve("caller")));
    try (HypervisorGuest guest = launch(folder.resolve("store"), List.of(), List.of(config))) {
      HypercallWay dom0 = new HypercallWay(dom0(guest));
      CallingKernel kernel = new CallingKernel(guest.machine(), guest.domain("guest"));
      HypercallWay domU = new HypercallWay(kernel);
      assertTrue(dom0.getTime().startsWith("0 " + "ea07"), dom0.getTime() + ": the year 2026");
      assertEquals("0 ", dom0.setTime(EfiTime.utc(2030, 1, 2, 3, 4, 5).toBytes()));
      for (int command : new int[] {PlatformOp.XENPF_efi_runtime_call, PlatformOp.XENPF_firmware_info}) {
        assertEquals(EPERM, domU.call(command));
      }
      assertEquals(EPERM, kernel.call(HypercallNumber.__HYPERVISOR_memory_op, MemoryOp.XENMEM_machine_memory_map, kernel.at(0)));
      assertEquals("0 ee07010203040500", dom0.getTime().substring(0, 18), "the DomU changed nothing");
      CallingKernel caller = dom0(guest);
      caller.write(0, ByteBuffer.allocate(MemoryMap.SIZE).order(ByteOrder.LITTLE_ENDIAN).putInt(MemoryMap.NR_ENTRIES, 8)
          .putLong(MemoryMap.BUFFER, caller.at(0x1000)).array());
      assertEquals(0, caller.call(HypercallNumber.__HYPERVISOR_memory_op, MemoryOp.XENMEM_machine_memory_map, caller.at(0)));
      ByteBuffer map = ByteBuffer.wrap(caller.read(0x1000, 20)).order(ByteOrder.LITTLE_ENDIAN);
      assertEquals("40000000 1", Long.toHexString(map.getLong()) + " " + map.getInt(16));
    }
  }

  @Test
  void strictXenAndAPlatformWithoutEfiHaveNoneOfIt() throws IOException {
    for (Path store : new Path[] {folder.resolve("store"), null}) {
      List<String> settings = store == null ? List.of() : List.of("/xenolith-hypervisor:strict-xen=true");
      try (HypervisorGuest guest = launch(store, settings, List.of())) {
        CallingKernel kernel = dom0(guest);
        HypercallWay way = new HypercallWay(kernel);
        assertEquals(ENOSYS, way.call(PlatformOp.XENPF_efi_runtime_call));
        long memory = kernel.call(HypercallNumber.__HYPERVISOR_memory_op, MemoryOp.XENMEM_machine_memory_map, kernel.at(0x2000));
        assertEquals(store == null ? 0 : ENOSYS, memory);
      }
    }
  }
}
