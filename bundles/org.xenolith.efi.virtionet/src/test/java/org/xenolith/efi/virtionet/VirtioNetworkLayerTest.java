// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtionet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.DevicePathText;
import org.xenolith.efi.boot.kit.NetworkMode;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeVirtioDevice;

/** A network card of a test's: states, arguments, frames in both directions, filters, lies. */
class VirtioNetworkLayerTest {
  private static final int RX = 0;
  private static final int TX = 1;
  private static final byte[] STATION = HexFormat.of().parseHex("525400123456");
  private static final byte[] OTHER = HexFormat.of().parseHex("525400aabbcc");
  private static final byte[] GROUP = HexFormat.of().parseHex("01005e000001");
  private static final List<String> FUNCTIONS = List.of(NetworkMode.functions());
  private static final long VERSION_1 = 1L << 32;
  private static final int SLOTS = FakeVirtioDevice.SIZE / 2;

  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  private final VirtioNetworkLayer layer = new VirtioNetworkLayer();
  private final byte[] configuration = Arrays.copyOf(STATION, 8);
  private final FakeVirtioDevice device = new FakeVirtioDevice(firmware, 1, configuration);
  private final List<byte[]> sent = new ArrayList<>();
  private final long room = firmware.room(8192);
  private long child;
  private long net;
  private int header = 12;
  private boolean slow;

  @BeforeEach
  void begin() {
    configuration[6] = 1;
    device.features(VERSION_1 | VirtioNetworkLayer.MAC | VirtioNetworkLayer.STATUS);
    device.serve((queue, buffers) -> {
      assertEquals(2, buffers.size());
      assertEquals(header, buffers.get(0).length());
      assertEquals(queue == RX, buffers.get(1).writes());
      if (queue == TX) {
        assertArrayEquals(new byte[header], memory.read(buffers.get(0).address(), header));
        sent.add(memory.read(buffers.get(1).address(), buffers.get(1).length()));
      }
      return queue == RX || slow ? FakeVirtioDevice.Server.HELD : 0;
    });
    byte[] path = new DevicePath().node(DevicePath.HARDWARE, 1, new byte[] {1, 2}).bytes();
    long at = firmware.room(path.length);
    memory.write(at, path);
    firmware.handles().install(device.handle(), Protocol.DEVICE_PATH, at);
    layer.begin(firmware);
  }

  private void connect() {
    assertEquals(0, firmware.connect(layer, device.handle()));
    child = firmware.handles().handles(Protocol.SIMPLE_NETWORK).getFirst();
    net = firmware.handles().find(child, Protocol.SIMPLE_NETWORK);
  }

  private EfiStatus call(String function, long... arguments) {
    long[] all = new long[arguments.length + 1];
    all[0] = net;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return EfiStatus.of(firmware.call(memory.get64(net + 8 + 8L * FUNCTIONS.indexOf(function)), all));
  }

  private void initialized() {
    connect();
    assertEquals(EfiStatus.SUCCESS, call("StartNetwork"));
    assertEquals(EfiStatus.SUCCESS, call("Initialize", 0, 0));
  }

  private long mode() {
    return memory.get64(net + 120);
  }

  private long state() {
    return memory.get32(mode());
  }

  private static byte[] frame(byte[] to, int length) {
    byte[] frame = ByteBuffer.allocate(length).put(to).put(OTHER).putShort((short) 0x88B5).array();
    frame[length - 1] = (byte) length;
    return frame;
  }

  private void arrives(byte[] frame) {
    byte[] all = ByteBuffer.allocate(header + frame.length).put(header, frame).array();
    device.finish(RX, all, all.length);
  }

  private EfiStatus receive(long size) {
    memory.put64(room, size);
    return call("Receive", 0, room, room + 64, 0, 0, 0);
  }

  private EfiStatus transmit(byte[] frame, long at) {
    memory.write(at, frame);
    return call("Transmit", 0, frame.length, at, 0, 0, 0);
  }

  private long recycled() {
    assertEquals(EfiStatus.SUCCESS, call("GetStatus", 0, room));
    return memory.get64(room);
  }

  @Test
  void aChildHasTheInterfaceAndItsAddressInItsPath() {
    int before = firmware.allocated();
    for (int i = 0; i < 3; i++) {
      connect();
      assertEquals("Pci(0x2,0x1)/MAC(525400123456,0x1)", DevicePathText.of(DevicePath.read(memory, firmware.handles().find(child,
          Protocol.DEVICE_PATH))));
      assertEquals(List.of(0L, 6L, 14L, 1500L), List.of(state(), memory.get32(mode() + 4), memory.get32(mode() + 8), memory.get32(mode()
          + 12)));
      assertArrayEquals(STATION, memory.read(mode() + 552, 6));
      assertArrayEquals(new byte[] {-1, -1, -1, -1, -1, -1}, memory.read(mode() + 584, 6));
      assertArrayEquals(STATION, memory.read(mode() + 616, 6));
      assertEquals("1 0 1 1 1", memory.get8(mode() + 648) + " " + memory.get8(mode() + 649) + " " + memory.get8(mode() + 650) + " " + memory
          .get8(mode() + 651) + " " + memory.get8(mode() + 652));
      assertEquals(EfiStatus.SUCCESS, call("StartNetwork"));
      assertEquals(EfiStatus.SUCCESS, call("Initialize"));
      assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(firmware.call(memory.get64(firmware.binding(layer) + 16), firmware.binding(layer),
          device.handle(), 0, 0)), "its child is still there");
      assertEquals(0, firmware.disconnect(layer, device.handle(), child));
      assertEquals(0, device.status());
      assertEquals(List.of(), firmware.handles().handles(Protocol.SIMPLE_NETWORK));
      assertEquals(before, firmware.allocated());
    }
  }

  @Test
  void aCardWithoutAnAddressIsNotSupported() {
    int before = firmware.allocated();
    device.features(VERSION_1 | VirtioNetworkLayer.STATUS);
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, device.handle())));
    device.features(VERSION_1 | VirtioNetworkLayer.MAC);
    configuration[0] = 1;
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, device.handle())), "a group's");
    assertEquals(before, firmware.allocated());
    assertEquals(0, device.status());
  }

  @Test
  void eachFunctionWantsItsState() {
    connect();
    assertEquals(EfiStatus.NOT_STARTED, call("StopNetwork"));
    assertEquals(EfiStatus.NOT_STARTED, call("Initialize"));
    List<String> others = FUNCTIONS.stream().filter(each -> !List.of("StartNetwork", "StopNetwork", "Initialize").contains(each)).toList();
    others.forEach(each -> assertEquals(EfiStatus.NOT_STARTED, call(each), each));
    assertEquals(EfiStatus.SUCCESS, call("StartNetwork"));
    assertEquals(1, state());
    assertEquals(EfiStatus.ALREADY_STARTED, call("StartNetwork"));
    others.forEach(each -> assertEquals(EfiStatus.DEVICE_ERROR, call(each), each));
    assertEquals(EfiStatus.UNSUPPORTED, call("Initialize", 1, 0));
    assertEquals(EfiStatus.SUCCESS, call("Initialize"));
    assertEquals(2, state());
    assertEquals(EfiStatus.DEVICE_ERROR, call("Initialize"));
    assertEquals(EfiStatus.DEVICE_ERROR, call("StopNetwork"));
    assertEquals(EfiStatus.ALREADY_STARTED, call("StartNetwork"));
    for (String each : List.of("StationAddress", "Statistics", "NvData")) {
      assertEquals(EfiStatus.UNSUPPORTED, call(each), each);
    }
    assertEquals(EfiStatus.SUCCESS, call("Reset", 0));
    assertEquals(2, state());
    assertEquals(EfiStatus.SUCCESS, call("Shutdown"));
    assertEquals(1, state());
    assertEquals(EfiStatus.SUCCESS, call("StopNetwork"));
    assertEquals(0, state());
    memory.put32(mode(), 2);
    assertEquals(EfiStatus.NOT_STARTED, call("Transmit", 0, 60, room), "what stands in the guest's memory isn't believed");
    net += 8;
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(firmware.call(memory.get64(net), net)), "no interface");
  }

  @Test
  void framesAreSentAndTheirBuffersComeBack() {
    initialized();
    byte[] whole = frame(OTHER, 1514);
    assertEquals(EfiStatus.SUCCESS, transmit(whole, room + 64));
    assertArrayEquals(whole, sent.getLast());
    memory.put32(room + 8, 7);
    assertEquals(EfiStatus.SUCCESS, call("GetStatus", room + 8, 0));
    assertEquals(2, memory.get32(room + 8), "something was sent");
    assertEquals(room + 64, recycled());
    assertEquals(0, recycled());
    memory.write(room + 16, OTHER);
    memory.put16(room + 32, 0x0806);
    assertEquals(EfiStatus.SUCCESS, call("Transmit", 14, 60, room + 64, 0, room + 16, room + 32));
    assertArrayEquals(ByteBuffer.allocate(14).put(OTHER).put(STATION).putShort((short) 0x0806).array(), Arrays.copyOf(sent.getLast(), 14));
    memory.write(room + 24, GROUP);
    assertEquals(EfiStatus.SUCCESS, call("Transmit", 14, 60, room + 64, room + 24, room + 16, room + 32));
    assertArrayEquals(GROUP, Arrays.copyOfRange(sent.getLast(), 6, 12), "a source that the caller says");
  }

  @Test
  void aCardThatIsSlowTakesAsManyFramesAsThereIsRoom() {
    slow = true;
    initialized();
    for (int i = 0; i < SLOTS; i++) {
      assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 60 + i), room + 128 + 512L * i));
    }
    assertEquals(EfiStatus.NOT_READY, transmit(frame(OTHER, 90), room + 64));
    assertEquals(0, recycled());
    device.finish(TX, new byte[0], 0);
    assertEquals(EfiStatus.NOT_READY, transmit(frame(OTHER, 90), room + 64), "the caller wasn't told yet");
    assertEquals(room + 128, recycled());
    assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 90), room + 64));
    assertEquals(EfiStatus.SUCCESS, call("Shutdown"));
    assertEquals(EfiStatus.SUCCESS, call("Initialize"));
    for (int i = 0; i < SLOTS; i++) {
      device.finish(TX, new byte[0], 0);
    }
    assertEquals(0, recycled(), "nobody asks for what was sent in an earlier life");
    assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 70), room + 64));
    device.finish(TX, new byte[0], 0);
    assertEquals(room + 64, recycled());
  }

  @Test
  void framesThatComeAreDescribed() {
    initialized();
    assertEquals(SLOTS, device.held(RX));
    assertEquals(EfiStatus.NOT_READY, receive(2000));
    for (int i = 0; i < 3 * SLOTS; i++) {
      byte[] frame = frame(STATION, 60 + i);
      arrives(frame);
      assertEquals(EfiStatus.SUCCESS, call("GetStatus", room + 8, 0));
      assertEquals(1, memory.get32(room + 8));
      assertEquals(EfiStatus.BUFFER_TOO_SMALL, receive(59 + i));
      assertEquals(60 + i, memory.get64(room));
      assertEquals(EfiStatus.SUCCESS, call("Receive", room + 8, room, room + 64, room + 16, room + 24, room + 32));
      assertEquals(60 + i, memory.get64(room));
      assertArrayEquals(frame, memory.read(room + 64, frame.length));
      assertEquals(14, memory.get64(room + 8));
      assertArrayEquals(OTHER, memory.read(room + 16, 6));
      assertArrayEquals(STATION, memory.read(room + 24, 6));
      assertEquals(0x88B5, memory.get16(room + 32));
      assertEquals(SLOTS, device.held(RX), "its place is offered again");
    }
    assertEquals(EfiStatus.NOT_READY, receive(2000));
    arrives(frame(STATION, 60));
    assertEquals(EfiStatus.SUCCESS, call("Reset", 1));
    assertEquals(EfiStatus.NOT_READY, receive(2000), "thrown away");
    assertEquals(SLOTS, device.held(RX));
  }

  @Test
  void cardsFromBeforeVersionOneHaveAShorterHeader() {
    header = 10;
    device.features(VirtioNetworkLayer.MAC);
    initialized();
    assertEquals(0, memory.get8(mode() + 651), "it doesn't know about its cable");
    assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 60), room + 64));
    byte[] frame = frame(STATION, 100);
    arrives(frame);
    assertEquals(EfiStatus.SUCCESS, receive(2000));
    assertArrayEquals(frame, memory.read(room + 64, 100));
  }

  @Test
  void onlyFramesForTheStationPassTheFilters() {
    initialized();
    byte[] all = {-1, -1, -1, -1, -1, -1};
    assertEquals("station all", passing(all));
    assertEquals(EfiStatus.INVALID_PARAMETER, call("ReceiveFilters", 32, 0, 0, 0, 0));
    assertEquals(EfiStatus.INVALID_PARAMETER, call("ReceiveFilters", 2, 0, 0, 0, 0), "no groups");
    assertEquals(EfiStatus.INVALID_PARAMETER, call("ReceiveFilters", 2, 0, 0, 17, room));
    assertEquals(EfiStatus.INVALID_PARAMETER, call("ReceiveFilters", 2, 0, 0, 1, 0));
    memory.write(room, STATION);
    assertEquals(EfiStatus.INVALID_PARAMETER, call("ReceiveFilters", 2, 0, 0, 1, room), "no group's address");
    memory.write(room, GROUP);
    assertEquals(EfiStatus.SUCCESS, call("ReceiveFilters", 2, 4, 0, 1, room));
    assertEquals(3, memory.get32(mode() + 28));
    assertEquals(1, memory.get32(mode() + 36));
    assertEquals("station group", passing(all));
    memory.put32(mode() + 36, 1 << 30);
    arrives(frame(HexFormat.of().parseHex("01005e000002"), 64));
    assertEquals(EfiStatus.NOT_READY, receive(2000), "a count that somebody has overwritten");
    assertEquals(EfiStatus.SUCCESS, call("ReceiveFilters", 0, 0, 1, 0, 0));
    assertEquals("station", passing(all), "the list is empty");
    assertEquals(EfiStatus.SUCCESS, call("ReceiveFilters", 16, 1, 0, 0, 0));
    assertEquals("group", passing(all));
    assertEquals(EfiStatus.SUCCESS, call("ReceiveFilters", 8, 0, 0, 0, 0));
    assertEquals("station other all group", passing(all));
    arrives(new byte[5]);
    assertEquals(EfiStatus.NOT_READY, receive(2000), "no frame at all");
  }

  private String passing(byte[] all) {
    StringBuilder passed = new StringBuilder();
    List<byte[]> to = List.of(STATION, OTHER, all, GROUP);
    for (int i = 0; i < to.size(); i++) {
      arrives(frame(to.get(i), 64));
      if (receive(2000) == EfiStatus.SUCCESS) {
        passed.append(List.of("station ", "other ", "all ", "group ").get(i));
      }
    }
    return passed.toString().strip();
  }

  @Test
  void groupsHaveAddresses() {
    initialized();
    memory.write(room, new byte[] {(byte) 224, (byte) 129, 2, 3});
    assertEquals(EfiStatus.SUCCESS, call("MCastIpToMac", 0, room, room + 64));
    assertEquals("01005e010203", HexFormat.of().formatHex(memory.read(room + 64, 6)));
    memory.put8(room, 10);
    assertEquals(EfiStatus.INVALID_PARAMETER, call("MCastIpToMac", 0, room, room + 64));
    memory.write(room, HexFormat.of().parseHex("ff0200000000000000000001ff123456"));
    assertEquals(EfiStatus.SUCCESS, call("MCastIpToMac", 1, room, room + 64));
    assertEquals("3333ff123456", HexFormat.of().formatHex(memory.read(room + 64, 6)));
    assertEquals(EfiStatus.INVALID_PARAMETER, call("MCastIpToMac", 1, 0, room + 64));
  }

  @Test
  void whatCallersGetWrongHasAStatus() {
    initialized();
    assertEquals(EfiStatus.INVALID_PARAMETER, call("GetStatus", 0, 0));
    assertEquals(EfiStatus.BUFFER_TOO_SMALL, call("Transmit", 0, 13, room));
    assertEquals(EfiStatus.INVALID_PARAMETER, call("Transmit", 0, 1515, room));
    assertEquals(EfiStatus.INVALID_PARAMETER, call("Transmit", 0, -1, room));
    assertEquals(EfiStatus.INVALID_PARAMETER, call("Transmit", 0, 60, 0));
    assertEquals(EfiStatus.INVALID_PARAMETER, call("Transmit", 0, 60, 16), "where there is no memory");
    assertEquals(EfiStatus.INVALID_PARAMETER, call("Transmit", 13, 60, room, 0, room, room));
    assertEquals(EfiStatus.INVALID_PARAMETER, call("Transmit", 14, 60, room, 0, 0, room));
    assertEquals(EfiStatus.INVALID_PARAMETER, call("Transmit", 14, 60, room, 0, room, 0));
    assertEquals(EfiStatus.INVALID_PARAMETER, call("Receive", 0, 0, room));
    assertEquals(EfiStatus.INVALID_PARAMETER, call("Receive", 0, room, 0));
    assertEquals(List.of(), sent);
  }

  @Test
  void theCableIsSeen() {
    initialized();
    configuration[6] = 0;
    assertEquals(EfiStatus.SUCCESS, call("GetStatus", room, 0));
    assertEquals(0, memory.get8(mode() + 652));
    configuration[6] = 1;
    assertEquals(EfiStatus.SUCCESS, call("GetStatus", room, 0));
    assertEquals(1, memory.get8(mode() + 652));
  }

  @Test
  void aCableThatCantBeAskedAboutIsWhereItWas() {
    initialized();
    assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 60), room + 64));
    firmware.faults().call(1, EfiStatus.DEVICE_ERROR);
    assertEquals(EfiStatus.DEVICE_ERROR, call("GetStatus", 0, room));
    assertEquals(1, memory.get8(mode() + 652));
    assertEquals(room + 64, recycled(), "nor did it take the buffer");
  }

  @Test
  void whoWaitsIsToldOfAFrame() {
    List<Long> signalled = new ArrayList<>();
    firmware.service(BootService.SIGNAL_EVENT, call -> {
      signalled.add(call.argument(0));
      return EfiStep.done();
    });
    connect();
    long event = memory.get64(net + 112);
    assertEquals(2, firmware.events(), "and the one for the end of boot services");
    firmware.call(firmware.function(layer, "PacketNotify"), event, net);
    initializeAgain();
    firmware.call(firmware.function(layer, "PacketNotify"), event, net);
    assertEquals(List.of(), signalled);
    arrives(frame(STATION, 60));
    firmware.call(firmware.function(layer, "PacketNotify"), event, net);
    assertEquals(List.of(event), signalled);
  }

  private void initializeAgain() {
    assertEquals(EfiStatus.SUCCESS, call("StartNetwork"));
    assertEquals(EfiStatus.SUCCESS, call("Initialize"));
  }

  @Test
  void aCardThatLiesIsUsedNoMore() {
    for (FakeVirtioDevice.Lie each : List.of(FakeVirtioDevice.Lie.INDEX, FakeVirtioDevice.Lie.ENTRY)) {
      initialized();
      device.lie(each);
      arrives(frame(STATION, 60));
      if (each == FakeVirtioDevice.Lie.INDEX) {
        assertEquals(EfiStatus.SUCCESS, receive(2000), "it could have used all that it has");
      }
      lies(each == FakeVirtioDevice.Lie.INDEX ? "wrote 0 bytes" : "buffers which it wasn't offered");
      initialized();
      device.lie(each);
      assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 60), room + 64));
      lies("buffers which it wasn't offered");
    }
    for (int written : new int[] {11, 12 + 4097, -1}) {
      initialized();
      device.finish(RX, frame(STATION, 60), written);
      lies("wrote " + (written & 0xFFFF_FFFFL) + " bytes");
    }
    initialized();
    assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 60), room + 64));
    assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 60), room + 640));
    assertEquals(room + 64, recycled());
    assertEquals(room + 640, recycled());
    slow = true;
    assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 60), room + 64));
    device.again(TX);
    lies("buffers which it wasn't offered");
  }

  /** It has lied: nothing goes any more, until it is connected again. */
  private void lies(String how) {
    assertEquals(EfiStatus.DEVICE_ERROR, call("GetStatus", room, room + 8));
    assertTrue(firmware.reports().getLast().contains(how) && firmware.reports().getLast().contains("it is used no more"), firmware
        .reports()::toString);
    device.lie(FakeVirtioDevice.Lie.NONE);
    assertEquals(EfiStatus.DEVICE_ERROR, receive(2000));
    assertEquals(EfiStatus.DEVICE_ERROR, transmit(frame(OTHER, 60), room + 64));
    assertEquals(EfiStatus.DEVICE_ERROR, call("Reset", 0));
    assertEquals(1, state(), "it isn't initialized any more");
    assertEquals(EfiStatus.DEVICE_ERROR, call("Initialize"));
    assertEquals(EfiStatus.SUCCESS, call("StopNetwork"));
    assertEquals(0, firmware.disconnect(layer, device.handle(), child));
  }

  @Test
  void aCardThatNeverAnswersCostsNothing() {
    slow = true;
    initialized();
    assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 60), room + 64));
    for (int i = 0; i < 100; i++) {
      assertEquals(0, recycled());
      assertEquals(EfiStatus.NOT_READY, receive(2000));
    }
    assertEquals(0, firmware.disconnect(layer, device.handle(), child));
    assertEquals(0, device.status());
  }
}
