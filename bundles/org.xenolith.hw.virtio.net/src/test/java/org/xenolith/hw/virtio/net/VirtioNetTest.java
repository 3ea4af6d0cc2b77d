// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ModelException;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.net.api.EthernetSwitch;
import org.xenolith.net.api.NetworkNodes;
import org.xenolith.net.api.StationPort;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.virtio.DriverQueue;
import org.xenolith.testkit.virtio.FunctionDriver;
import org.xenolith.virtio.api.VirtioPort;
import org.xenolith.virtio.api.VirtioTransport;
import org.xenolith.virtio.api.Virtqueue;

class VirtioNetTest {
  private static final byte[] ADDRESS = {0x52, 0x54, 0, 1, 2, 3};

  /** Keeps what is sent. */
  private static final class Wire implements EthernetSwitch {
    final List<byte[]> frames = new ArrayList<>();
    final List<String> stations = new ArrayList<>();

    @Override
    public void joined(StationPort station) {
      stations.add(station.segment() + " " + station.name());
    }

    @Override
    public void left(StationPort station) {
      stations.remove(station.segment() + " " + station.name());
    }

    @Override
    public void send(StationPort from, byte[] bytes, int offset, int length, int offload, int segment) {
      assertEquals(0, offload);
      frames.add(Arrays.copyOfRange(bytes, offset, offset + length));
    }
  }

  private final Wire wire = new Wire();
  private final PlatformNode place = FakeNode.at("/ethernet").compatible(NetworkNodes.COMPATIBLE).build();
  private FakeContext context;
  private FunctionDriver driver;
  private DeviceModel model;
  private EthernetPort port;

  private static PlatformNode card(byte[] address) {
    return FakeNode.at("/virtio_mmio@a000000").compatible("virtio,mmio").property(new FdtProperty(NetworkNodes.ADDRESS, address))
        .property(FdtProperty.ofStrings(NetworkNodes.SEGMENT, "lan")).build();
  }

  @BeforeEach
  void start() {
    context = new FakeContext(card(ADDRESS)).beside(place);
    port = context.port(place.path(), EthernetPort.class);
    port.attach(wire, context);
    driver = new FunctionDriver(context, 2);
    model = context.create(new VirtioNetComponent());
    driver.start();
  }

  private static byte[] frame(int seed, int length) {
    byte[] frame = new byte[length];
    new Random(seed).nextBytes(frame);
    return frame;
  }

  /** Gives a buffer to receive into. */
  private void give(int index, int length) {
    driver.give(VirtioNet.RECEIVE, index, length);
  }

  /** Puts a frame behind its header where the card is to read it, without notifying. */
  private void put(int index, byte[] frame) {
    byte[] bytes = new byte[VirtioNet.HEADER + frame.length];
    System.arraycopy(frame, 0, bytes, VirtioNet.HEADER, frame.length);
    driver.put(VirtioNet.TRANSMIT, index, bytes);
  }

  private void send(int index, byte[] frame) {
    put(index, frame);
    driver.core.notified(VirtioNet.TRANSMIT);
  }

  private void arrive(byte[] frame) {
    port.stations().getFirst().deliver(frame, 0, frame.length, 0, 0);
  }

  private long word(String name) {
    return ((Number) model.state().save().get(name)).longValue();
  }

  /** The transport as a driver of the legacy interface sees it. */
  private record Legacy(VirtioTransport transport) implements VirtioTransport {
    @Override
    public Virtqueue queue(int index) {
      return transport.queue(index);
    }

    @Override
    public void interrupt(int index) {
      transport.interrupt(index);
    }

    @Override
    public void configChanged() {
      transport.configChanged();
    }

    @Override
    public void functionChanged() {
      transport.functionChanged();
    }

    @Override
    public boolean legacy() {
      return true;
    }
  }

  /** 5.1.6.1: the header of the legacy interface has no number of buffers. */
  @Test
  void headersOfLegacyDriversAreShorter() {
    context.port(VirtioPort.class).connect(new Legacy(context.port(VirtioPort.class).transport()));
    byte[] frame = frame(3, 60);
    byte[] bytes = new byte[VirtioNet.LEGACY_HEADER + frame.length];
    System.arraycopy(frame, 0, bytes, VirtioNet.LEGACY_HEADER, frame.length);
    driver.put(VirtioNet.TRANSMIT, 0, bytes);
    driver.core.notified(VirtioNet.TRANSMIT);
    assertArrayEquals(frame, wire.frames.getFirst());
    give(0, bytes.length);
    arrive(frame);
    assertEquals(bytes.length, driver.queues[VirtioNet.RECEIVE].usedLength(0));
    assertArrayEquals(bytes, driver.bytes(VirtioNet.RECEIVE, 0, bytes.length));
  }

  @Test
  void configurationSaysAddressAndLink() {
    VirtioNet card = (VirtioNet) model;
    assertEquals(1, card.deviceId());
    assertEquals(1 << 5 | 1 << 16, card.features());
    assertEquals(0x1_0302_0100_5452L, card.readConfig(0, 8));
    assertEquals(1, card.readConfig(6, 2));
    assertEquals(0, card.readConfig(8, 8));
    assertEquals(List.of("lan /virtio_mmio@a000000 card"), wire.stations);
  }

  @Test
  void anAddressThatIsNoneIsRefused() {
    for (byte[] wrong : new byte[][] {{1, 0, 0, 0, 0, 0}, {2, 0}}) {
      FakeContext other = new FakeContext(card(wrong));
      assertTrue(assertThrows(ModelException.class, () -> other.create(new VirtioNetComponent())).getMessage().contains("six bytes"));
    }
  }

  @Test
  void withoutAnAddressItHasOneThatStays() {
    PlatformNode node = FakeNode.at("/virtio_mmio@a000200").compatible("virtio,mmio").build();
    long made = ((VirtioNet) new FakeContext(node).create(new VirtioNetComponent())).readConfig(0, 4);
    assertEquals(made, ((VirtioNet) new FakeContext(node).create(new VirtioNetComponent())).readConfig(0, 4));
    assertEquals(2, made & 0xFF);
  }

  @Test
  void aFrameIsSentAtOnce() {
    byte[] frame = frame(1, 1514);
    send(0, frame);
    assertArrayEquals(frame, wire.frames.removeFirst());
    assertEquals(1, driver.queues[VirtioNet.TRANSMIT].usedIndex());
    assertEquals(0, driver.queues[VirtioNet.TRANSMIT].usedLength(0));
    assertEquals(1, driver.interrupts[VirtioNet.TRANSMIT]);
  }

  @Test
  void whereTheDriverCutsAFrameMeansNothing() {
    byte[] frame = frame(2, 100);
    put(0, frame);
    long at = FunctionDriver.buffer(VirtioNet.TRANSMIT, 0);
    driver.queues[VirtioNet.TRANSMIT].describe(0, at, 5, DriverQueue.NEXT, 1).describe(1, at + 5, 20, DriverQueue.NEXT, 2)
        .describe(2, at + 25, VirtioNet.HEADER + 100 - 25, 0, 0);
    driver.core.notified(VirtioNet.TRANSMIT);
    assertArrayEquals(frame, wire.frames.removeFirst());
  }

  @Test
  void framesOfImpossibleLengthGoNowhere() {
    send(0, new byte[13]);
    driver.queues[VirtioNet.TRANSMIT].describe(1, FakeMemory.BASE + 0x10_0000, 0x20_0000, 0, 0).offer(1);
    driver.queues[VirtioNet.TRANSMIT].describe(2, 0x1000, 100, 0, 0).offer(2);
    driver.core.notified(VirtioNet.TRANSMIT);
    assertEquals(List.of(), wire.frames);
    assertEquals(3, driver.queues[VirtioNet.TRANSMIT].usedIndex());
    assertEquals(List.of("virtio-net-bad-frame", "virtio-net-bad-frame", "virtio-net-bad-address"),
        context.reportedEvents().stream().map(FakeContext.Event::kind).toList());
  }

  @Test
  void aFrameThatArrivesIsInOneBufferBehindItsHeader() {
    give(3, 2000);
    byte[] frame = frame(3, 60);
    arrive(frame);
    byte[] received = driver.bytes(VirtioNet.RECEIVE, 3, VirtioNet.HEADER + 60);
    assertArrayEquals(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0}, Arrays.copyOf(received, VirtioNet.HEADER));
    assertArrayEquals(frame, Arrays.copyOfRange(received, VirtioNet.HEADER, received.length));
    assertEquals(VirtioNet.HEADER + 60, driver.queues[VirtioNet.RECEIVE].usedLength(0));
    assertEquals(1, driver.interrupts[VirtioNet.RECEIVE]);
  }

  @Test
  void withoutABufferItIsDropped() {
    arrive(frame(4, 60));
    assertEquals(1, word("receive-dropped"));
    assertEquals(0, driver.interrupts[VirtioNet.RECEIVE]);
    give(0, 2000);
    arrive(frame(5, 60));
    assertEquals(1, driver.queues[VirtioNet.RECEIVE].usedIndex());
    assertEquals(1, word("receive-dropped"));
  }

  @Test
  void aBufferThatIsTooShortComesBackEmpty() {
    give(0, VirtioNet.HEADER + 59);
    arrive(frame(6, 60));
    assertEquals(0, driver.queues[VirtioNet.RECEIVE].usedLength(0));
    driver.queues[VirtioNet.RECEIVE].describe(1, 0x1000, 2000, DriverQueue.WRITE, 0).offer(1);
    arrive(frame(6, 60));
    assertEquals(0, driver.queues[VirtioNet.RECEIVE].usedLength(1));
    assertEquals(2, word("receive-dropped"));
  }

  @Test
  void noBufferIsUsedBeforeTheDriverIsReady() {
    driver.core.status(0);
    driver.negotiate();
    give(0, 2000);
    arrive(frame(7, 60));
    assertEquals(0, driver.queues[VirtioNet.RECEIVE].usedIndex());
    driver.core.status(0xF);
    arrive(frame(7, 60));
    assertEquals(1, driver.queues[VirtioNet.RECEIVE].usedIndex());
  }

  @Test
  void aSwitchThatGoesIsACablePulled() {
    port.detach(wire);
    assertEquals(1, driver.changes);
    assertEquals(0, ((VirtioNet) model).readConfig(6, 2));
    port.attach(wire, context);
    assertEquals(2, driver.changes);
    assertEquals(1, ((VirtioNet) model).readConfig(6, 2));
    port.attach(new Wire(), context);
    assertEquals(2, driver.changes, "a new version takes over");
  }

  @Test
  void anotherVersionGoesOnAndOneThatIsRemovedHearsNothing() {
    give(0, 2000);
    arrive(frame(8, 60));
    FakeContext next = context.successor();
    DeviceModel successor = next.create(new VirtioNetComponent());
    successor.state().restore(model.state().save());
    successor.restored();
    assertEquals(model.state().save(), successor.state().save());
    give(1, 2000);
    arrive(frame(9, 60));
    assertEquals(2, driver.queues[VirtioNet.RECEIVE].usedIndex());
    successor.removed();
    assertEquals(List.of(), port.stations());
    assertNull(next.port(VirtioPort.class).function());
    send(0, frame(10, 60));
    assertEquals(List.of(), wire.frames);
  }
}
