// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenpvnet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

/** A network front end with a back end of a test's: frames in both directions, ends, lies. */
class PvNetworkLayerTest {
  private static final byte[] STATION = HexFormat.of().parseHex("00163e000001");
  private static final byte[] OTHER = HexFormat.of().parseHex("00163e000002");
  private static final List<String> FUNCTIONS = List.of(NetworkMode.functions());
  private static final long EVENT = 0x77;

  final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  final PvNetworkLayer layer = new PvNetworkLayer();
  final NetworkBackEnd back = new NetworkBackEnd(firmware);
  private final long room = firmware.room(8192);
  long handle;
  private long child;
  private long net;
  int events;
  private int before;

  @BeforeEach
  void begin() {
    hardware();
    layer.begin(firmware);
    before = firmware.allocated();
  }

  void hardware() {
    firmware.service(BootService.CREATE_EVENT, call -> {
      memory.put64(call.argument(4), EVENT);
      events++;
      return EfiStep.done();
    });
    firmware.service(BootService.CLOSE_EVENT, call -> {
      events--;
      return EfiStep.done(call.argument(0) == EVENT ? 0 : -1);
    });
    byte[] path = new DevicePath().node(DevicePath.HARDWARE, 1, new byte[] {1, 2}).bytes();
    long at = firmware.room(path.length);
    memory.write(at, path);
    handle = firmware.handles().install(0, Protocol.DEVICE_PATH, at);
    firmware.handles().install(handle, Protocol.XEN_BUS, back.device());
  }

  private void connect() {
    assertEquals(0, firmware.connect(layer, handle));
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

  private static byte[] frame(byte[] to, int length) {
    byte[] frame = ByteBuffer.allocate(length).put(to).put(OTHER).putShort((short) 0x88B5).array();
    frame[length - 1] = (byte) length;
    return frame;
  }

  private EfiStatus receive() {
    memory.put64(room, 5000);
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

  private void nobodyHasUsedIt() {
    assertEquals(Map.of(), back.granted());
    assertEquals(0, back.ports());
    assertEquals(Set.of("back/state", "front/mac", "front/state"), back.store().keySet());
    assertEquals("1 2", back.store().get("front/state") + ' ' + back.store().get("back/state"));
  }

  @Test
  void theBackEndIsReachedFromInitializeToShutdown() {
    connect();
    assertEquals("Pci(0x2,0x1)/MAC(00163E000001,0x1)", DevicePathText.of(DevicePath.read(memory, firmware.handles().find(child,
        Protocol.DEVICE_PATH))));
    assertArrayEquals(STATION, memory.read(memory.get64(net + 120) + 552, 6));
    assertEquals(Set.of("back/state", "front/mac"), back.store().keySet());
    assertEquals(EfiStatus.SUCCESS, call("StartNetwork"));
    for (int i = 0; i < 3; i++) {
      assertEquals(EfiStatus.SUCCESS, call("Initialize"));
      assertEquals("4 1 1 1 9", back.store().get("front/state") + ' ' + back.store().get("front/request-rx-copy") + ' ' + back.store().get(
          "front/feature-rx-notify") + ' ' + back.store().get("front/feature-no-csum-offload") + ' ' + back.store().get(
              "front/event-channel"));
      assertEquals(42, back.granted().size());
      assertEquals(32, back.room());
      assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 60), room + 64));
      assertEquals(EfiStatus.SUCCESS, call("Shutdown"));
      nobodyHasUsedIt();
    }
    assertEquals(EfiStatus.SUCCESS, call("Initialize"));
    assertEquals(0, firmware.disconnect(layer, handle, child));
    nobodyHasUsedIt();
    assertEquals(before, firmware.allocated());
    assertEquals(0, events);
  }

  @Test
  void operatingSystemsFindAnInterfaceThatNobodyUses() {
    initialized();
    assertEquals(0, firmware.call(firmware.function(layer, "Quiesce"), EVENT, net));
    nobodyHasUsedIt();
    assertEquals(0, firmware.disconnect(layer, handle, child));
    connect();
    back.store().remove("front/state");
    assertEquals(0, firmware.call(firmware.function(layer, "Quiesce"), EVENT, net));
    assertEquals(null, back.store().get("front/state"), "it was never connected");
  }

  @Test
  void framesGoAndCome() {
    initialized();
    for (int i = 0; i < 300; i++) {
      byte[] sent = frame(OTHER, 60 + i);
      assertEquals(EfiStatus.SUCCESS, transmit(sent, room + 64));
      assertArrayEquals(sent, back.sent.getLast(), "twice around the ring");
      assertEquals(room + 64, recycled());
      byte[] came = frame(STATION, 80 + i);
      back.give(came, i % 3);
      assertEquals(EfiStatus.SUCCESS, call("GetStatus", room, 0));
      assertEquals(1, memory.get32(room));
      assertEquals(EfiStatus.SUCCESS, receive());
      assertEquals(80 + i, memory.get64(room));
      assertArrayEquals(came, memory.read(room + 64, came.length));
      assertEquals(32, back.room());
    }
    back.giveError();
    back.give(frame(OTHER, 60), 0);
    assertEquals(EfiStatus.NOT_READY, receive(), "an error, and a frame for somebody else");
    assertEquals(32, back.room());
    assertEquals(List.of(), firmware.reports());
  }

  @Test
  void aBackEndIsOnlyToldOfWhatItWantsToHear() {
    initialized();
    int first = back.events;
    assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 60), room + 64));
    assertEquals(first + 1, back.events);
    back.give(frame(STATION, 60), 0);
    assertEquals(EfiStatus.SUCCESS, receive());
    assertEquals(first + 1, back.events, "it has buffers enough");
  }

  @Test
  void aSilentBackEndTakesAsManyFramesAsThereIsRoom() {
    initialized();
    back.lie = NetworkBackEnd.Lie.SILENT;
    for (int i = 0; i < 8; i++) {
      assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 60), room + 64 + 512L * i));
    }
    assertEquals(EfiStatus.NOT_READY, transmit(frame(OTHER, 60), room));
    assertEquals(0, recycled());
    back.lie = NetworkBackEnd.Lie.NONE;
    back.answer();
    assertEquals(room + 64, recycled());
    assertEquals(room + 576, recycled());
    assertEquals(EfiStatus.SUCCESS, call("Reset", 0));
    assertEquals(0, recycled(), "of an earlier life");
    assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 60), room + 64));
    assertEquals(room + 64, recycled());
  }

  @Test
  void aBackEndThatLiesIsUsedNoMore() {
    for (NetworkBackEnd.Lie each : List.of(NetworkBackEnd.Lie.SEND_INDEX, NetworkBackEnd.Lie.SEND_IDENTITY,
        NetworkBackEnd.Lie.RECEIVE_INDEX, NetworkBackEnd.Lie.RECEIVE_IDENTITY, NetworkBackEnd.Lie.TOO_LONG,
        NetworkBackEnd.Lie.LEAVES_THE_PAGE, NetworkBackEnd.Lie.PARTS)) {
      initialized();
      back.lie = each;
      assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 60), room + 64));
      back.give(frame(STATION, 100), 0);
      assertEquals(EfiStatus.DEVICE_ERROR, call("GetStatus", room, room + 8), each.toString());
      assertTrue(firmware.reports().getLast().endsWith("it is used no more until it is disconnected and connected"), firmware
          .reports()::toString);
      back.lie = NetworkBackEnd.Lie.NONE;
      assertEquals(EfiStatus.DEVICE_ERROR, receive());
      assertEquals(EfiStatus.DEVICE_ERROR, transmit(frame(OTHER, 60), room + 64));
      assertEquals(EfiStatus.SUCCESS, call("Shutdown"));
      nobodyHasUsedIt();
      assertEquals(EfiStatus.DEVICE_ERROR, call("Initialize"));
      assertEquals(0, firmware.disconnect(layer, handle, child));
    }
    assertEquals(before, firmware.allocated());
  }

  @Test
  void aFrameThatIsAnsweredTwiceIsALie() {
    initialized();
    assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 60), room + 64));
    assertEquals(room + 64, recycled());
    back.lie = NetworkBackEnd.Lie.SILENT;
    assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 60), room + 64));
    assertEquals(EfiStatus.SUCCESS, transmit(frame(OTHER, 60), room + 640));
    back.lie = NetworkBackEnd.Lie.SEND_IDENTITY;
    back.answer();
    assertEquals(EfiStatus.DEVICE_ERROR, call("GetStatus", 0, room));
  }

  @Test
  void anInitializeThatFailsLeavesNothing() {
    connect();
    assertEquals(EfiStatus.SUCCESS, call("StartNetwork"));
    back.store().put("back/state", "1");
    back.lie = NetworkBackEnd.Lie.NEVER_READY;
    assertEquals(EfiStatus.DEVICE_ERROR, call("Initialize"));
    assertEquals(Map.of(), back.granted());
    back.store().put("back/state", "2");
    assertEquals(EfiStatus.DEVICE_ERROR, call("Initialize"), "it never is connected");
    assertEquals(Map.of(), back.granted());
    assertEquals(0, back.ports());
    back.lie = NetworkBackEnd.Lie.NONE;
    assertEquals(EfiStatus.SUCCESS, call("Initialize"));
    back.lie = NetworkBackEnd.Lie.KEEPS_PAGES;
    assertEquals(EfiStatus.SUCCESS, call("Shutdown"));
    assertTrue(firmware.reports().getLast().contains("stays granted"), firmware.reports()::toString);
  }

  @Test
  void withoutAnAddressThereIsNoInterface() {
    for (String address : List.of("", "00:16:3e:00:00", "01:00:5e:00:00:01", "00:16:3e:00:00:0g", "00:16:3e:00:00:01:02")) {
      back.store().put("front/mac", address);
      assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, handle)), address);
    }
    back.store().remove("front/mac");
    assertEquals(EfiStatus.NOT_FOUND, EfiStatus.of(firmware.connect(layer, handle)));
    assertEquals(before, firmware.allocated());
    assertEquals(0, events);
  }
}
