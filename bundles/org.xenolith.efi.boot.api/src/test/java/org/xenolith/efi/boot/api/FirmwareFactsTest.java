// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.machine.control.Machine.DeviceFact;

/** What is known of firmware: its tree, and how protocols came about. */
class FirmwareFactsTest {
  private static final long TRANSPORT = 0x91;
  private static final long BLOCK = 0x92;
  private static final long DISK = 0x93;
  private static final long PARTITION = 0x94;

  private static UseFacts manages(long driver, long controller) {
    return new UseFacts(driver, "driver " + Long.toHexString(driver), controller, HandleDatabase.BY_DRIVER, 1);
  }

  private static UseFacts child(long driver, long child) {
    return new UseFacts(driver, "driver " + Long.toHexString(driver), child, HandleDatabase.BY_CHILD_CONTROLLER, 1);
  }

  private static ProtocolFacts protocol(EfiGuid guid, String layer, UseFacts... uses) {
    return new ProtocolFacts(guid, guid.toString(), layer, List.of(uses));
  }

  private static HandleFacts handle(long handle, List<Long> children, List<Long> parents, ProtocolFacts... protocols) {
    List<ProtocolFacts> all = new ArrayList<>(List.of(protocol(Protocol.DEVICE_PATH, "")));
    all.addAll(List.of(protocols));
    return new HandleFacts((int) handle, handle, "path " + handle, all, children, parents);
  }

  private static DriverFacts driver(long handle, String layer) {
    return new DriverFacts(handle, layer, 10, layer, List.of());
  }

  private static FirmwareFacts firmware(HandleFacts... handles) {
    return new FirmwareFacts("", List.of(handles), List.of(driver(TRANSPORT, "mmio"), driver(BLOCK, "blk"), driver(DISK, "diskio"), driver(
        PARTITION, "partition")), List.of(), List.of());
  }

  /** A disk behind a transport, with a partition. */
  private static FirmwareFacts disk() {
    return firmware(handle(1, List.of(2L), List.of(), protocol(Protocol.VIRTIO_DEVICE, "mmio", manages(BLOCK, 1)), protocol(
        Protocol.BLOCK_IO,
        "blk", manages(DISK, 1), new UseFacts(PARTITION, "driver 94", 1, HandleDatabase.GET_PROTOCOL, 1)), protocol(Protocol.DISK_IO,
            "diskio", manages(PARTITION, 1), child(PARTITION, 2))), handle(2, List.of(), List.of(1L), protocol(Protocol.BLOCK_IO,
                "partition", manages(DISK, 2)), protocol(Protocol.DISK_IO, "diskio")));
  }

  private static List<String> chain(List<ProtocolLink> links) {
    return links.stream().map(link -> link.handle().handle() + " " + link.protocol().layer()).toList();
  }

  @Test
  void aProtocolComesOfWhatItsPublisherManagesOnTheSameHandleOrItsParent() {
    FirmwareFacts facts = disk();
    HandleFacts partition = facts.handle(2).orElseThrow();
    assertEquals(List.of("1 mmio", "1 blk", "1 diskio", "2 partition", "2 diskio"), chain(facts.chain(partition)));
    assertEquals(List.of("1 mmio", "1 blk", "1 diskio", "2 partition"), chain(facts.chain(partition, partition.protocol(Protocol.BLOCK_IO)
        .orElseThrow())));
    HandleFacts whole = facts.handle(1).orElseThrow();
    assertEquals(List.of("1 mmio"), chain(facts.chain(whole, whole.protocol(Protocol.VIRTIO_DEVICE).orElseThrow())));
    assertEquals(List.of("driver 92", "driver 93", "driver 94"), whole.managers());
    assertEquals(Optional.empty(), facts.handle(3));
    assertEquals(Optional.empty(), whole.protocol(Protocol.RNG));
  }

  @Test
  void aChainOfAGuestsProtocolsBeginsThereAndNonsenseEnds() {
    HandleFacts foreign = handle(1, List.of(), List.of(), protocol(Protocol.BLOCK_IO, "", manages(0x77, 1)), protocol(Protocol.DISK_IO,
        ""));
    FirmwareFacts facts = firmware(foreign);
    assertEquals(List.of("1 "), chain(facts.chain(foreign, foreign.protocols().getLast())));
    // Two that were made of one another: no firmware does so, a guest can.
    HandleFacts round = handle(1, List.of(), List.of(), protocol(Protocol.BLOCK_IO, "blk", manages(DISK, 1)), protocol(Protocol.DISK_IO,
        "diskio", manages(BLOCK, 1)));
    assertEquals(List.of("1 blk", "1 diskio"), chain(firmware(round).chain(round, round.protocols().getLast())));
  }

  @Test
  void theTreeHasControllersBelowTheirParentsAndEndsWhateverAGuestMakesOfIt() {
    List<ControllerBranch> tree = disk().tree();
    assertEquals(1, tree.size());
    assertEquals(1, tree.getFirst().controller().handle());
    assertEquals(List.of(2L), tree.getFirst().below().stream().map(each -> each.controller().handle()).toList());
    // Each of these has all later ones as children: 2^39 ways lead to the last.
    HandleFacts[] mesh = LongStream.rangeClosed(1, 40).mapToObj(at -> handle(at, LongStream.rangeClosed(at + 1, 40).boxed().toList(), List
        .of())).toArray(HandleFacts[]::new);
    assertEquals(1, firmware(mesh).tree().size());
    assertEquals(true, count(firmware(mesh).tree()) <= 40 * 40, "each is expanded once");
    HandleFacts[] line = IntStream.rangeClosed(1, 10_000).mapToObj(at -> handle(at, List.of(at + 1L), List.of())).toArray(
        HandleFacts[]::new);
    assertEquals(17, count(firmware(line).tree()));
  }

  private static int count(List<ControllerBranch> tree) {
    return tree.stream().mapToInt(each -> 1 + count(each.below())).sum();
  }

  @Test
  void factsAreCopies() {
    List<Long> children = new ArrayList<>(List.of(2L));
    List<ProtocolFacts> protocols = new ArrayList<>();
    HandleFacts handle = new HandleFacts(1, 1, "", protocols, children, children);
    children.add(3L);
    protocols.add(protocol(Protocol.RNG, ""));
    assertEquals(new HandleFacts(1, 1, "", List.of(), List.of(2L), List.of(2L)), handle);
    assertThrows(UnsupportedOperationException.class, () -> disk().handles().clear());
    assertThrows(UnsupportedOperationException.class, () -> disk().drivers().getFirst().controllers().add(1L));
    assertThrows(UnsupportedOperationException.class, () -> protocol(Protocol.RNG, "").uses().clear());
  }

  @Test
  void attributesAreNamedAsTheSpecificationDoes() {
    assertEquals("by driver, exclusive", new UseFacts(1, "", 1, 0x30, 1).attributeText());
    assertEquals("by child", new UseFacts(1, "", 1, 8, 1).attributeText());
    assertEquals("get", new UseFacts(1, "", 1, 2, 1).attributeText());
    assertEquals("test, by handle, 0x40", new UseFacts(1, "", 1, 0x45, 1).attributeText());
    assertEquals("", new UseFacts(1, "", 1, 0, 1).attributeText());
  }

  @Test
  void aLayerIsProvidedByTheBundleOfItsInstance() {
    LayerFacts layer = new LayerFacts("blk", 1, "/node:blk");
    DeviceFact other = new DeviceFact("/node:mmio", "other", "org.example.mmio", "1.0.0");
    DeviceFact its = new DeviceFact("/node:blk", "block", "org.example.blk", "1.2.0");
    assertEquals(Optional.of(its), layer.provider(List.of(other, its)));
    assertEquals(Optional.empty(), layer.provider(List.of(other, new DeviceFact("/node:blk", "", "", ""))), "it is absent");
    FirmwareFacts facts = new FirmwareFacts("one", List.of(), List.of(), List.of(layer), List.of());
    assertEquals(Optional.of(layer), facts.layer("blk"));
    assertEquals(Optional.empty(), facts.layer("mmio"));
  }
}
