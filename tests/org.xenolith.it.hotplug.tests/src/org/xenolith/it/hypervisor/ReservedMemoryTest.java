// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReservation;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.BoardProvider.BoardRequest;

/** What a tree sets aside (Devicetree Specification 0.4, 3.5 and 5.3) nobody writes to: kernel, root file system, tree, a domain's RAM. */
class ReservedMemoryTest {
  private static final long RAM = 0x4000_0000L;
  /** Where kernel, root file system and tree go on a board that sets nothing aside; the first holds a flat binary's tree. */
  private static final List<Long> KEPT = List.of(RAM, RAM + 0x20_0000, RAM + 0x800_0000, RAM + 0x1fe0_0000);
  private static final int SIZE = 0x20_0000;
  /** In the header of the tree. */
  private static final long RESERVED = RAM + 0x820_0000;
  @TempDir
  Path folder;

  private Path board() throws IOException {
    BoardProvider virt = InstalledProduct.get().services(BoardProvider.class).stream().filter(b -> b.name().equals("virt")).findFirst()
        .orElseThrow();
    Fdt tree = virt.tree(new BoardRequest(1, virt.standard().memoryBytes(), Map.of("virtualization", "on")));
    FdtBuilder made = FdtBuilder.root();
    FdtBuilder kept = made.child("reserved-memory").add(FdtProperty.ofCells("#address-cells", 2)).add(FdtProperty.ofCells("#size-cells",
        2)).add(FdtProperty.ofFlag("ranges"));
    for (long base : KEPT) {
      kept.child("secure@" + Long.toHexString(base)).add(FdtProperty.ofU64("reg", base, SIZE)).add(FdtProperty.ofFlag("no-map"));
    }
    Fdt edited = tree.withRoot(tree.root().withChild(made.build().children().getFirst()));
    return Files.write(folder.resolve("kept.dtb"), FdtWriter.write(new Fdt(edited.bootCpuid(), List.of(new FdtReservation(RESERVED, SIZE)),
        edited.root())));
  }

  private Path initrd() throws IOException {
    byte[] disk = new byte[SIZE];
    Arrays.fill(disk, (byte) 0x5A);
    return Files.write(folder.resolve("initrd"), disk);
  }

  private static Launch launched(LaunchRequest request) {
    return InstalledProduct.get().service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {});
  }

  private static void assertUntouched(Machine machine) {
    for (long base : List.of(KEPT.get(0), KEPT.get(1), KEPT.get(2), KEPT.get(3), RESERVED)) {
      assertArrayEquals(new byte[SIZE], machine.peek(base, SIZE), "0x" + Long.toHexString(base));
    }
  }

  /** A program that is no kernel, to be anywhere: waits. */
  private static byte[] flat() {
    ByteBuffer code = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < code.capacity(); at += 8) {
      code.putInt(at, 0xd503207f);
      code.putInt(at + 4, 0x17ff_ffff);
    }
    return code.array();
  }

  @Test
  void aKernelItsTreeAndItsRootFileSystemKeepOff() throws IOException {
    Path kernel = Files.write(folder.resolve("Image"), SmallKernel.bytes());
    try (Launch launch = launched(RequestBuilder.of(board().toString()).kernel(kernel).initrd(initrd()).build())) {
      assertUntouched(launch.machine());
    }
  }

  @Test
  void aFlatBinaryAndItsTreeKeepOff() throws IOException {
    Path kernel = Files.write(folder.resolve("flat.bin"), flat());
    try (Launch launch = launched(RequestBuilder.of(board().toString()).kernel(kernel).kernelAddress(RAM + 0x60_0000).initrd(initrd())
        .build())) {
      assertUntouched(launch.machine());
    }
    RuntimeException refused = null;
    try (Launch launch = launched(RequestBuilder.of(board().toString()).kernel(kernel).kernelAddress(RAM + 0x28_0000).build())) {
      assertUntouched(launch.machine());
    } catch (RuntimeException e) {
      refused = e;
    }
    assertTrue(refused != null && refused.getMessage().contains("memory that the board reserves"), String.valueOf(refused));
  }

  @Test
  void noDomainIsGivenIt() throws IOException {
    Path kernel = Files.write(folder.resolve("Image"), SmallKernel.bytes());
    LaunchRequest request = RequestBuilder.of(board().toString()).hypervisor(true).kernel(kernel).initrd(initrd()).option("dom0-memory",
        List.of("448M")).build();
    try (Launch launch = launched(request)) {
      Machine machine = launch.machine();
      assertUntouched(machine);
      FrameHeapPort heap = machine.port(HypervisorNode.PATH, FrameHeapPort.class);
      for (long base : List.of(KEPT.get(0), KEPT.get(1), KEPT.get(2), KEPT.get(3), RESERVED)) {
        assertEquals(FrameHeap.HYPERVISOR, heap.owner(base >>> 12));
        assertEquals(FrameHeap.HYPERVISOR, heap.owner((base + SIZE - 1) >>> 12));
      }
      assertFalse(heap.allocateAt(7, RESERVED >>> 12, 1));
      assertTrue(heap.owner(RAM + 0x40_0000 >>> 12) != FrameHeap.HYPERVISOR);
    }
  }
}
