// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;
import org.xenolith.machine.control.Machine;
import org.xenolith.net.api.FrameReceiver;
import org.xenolith.net.api.OutsideLink;
import org.xenolith.net.api.OutsideNetwork;
import org.xenolith.net.api.OutsidePort;
import org.xenolith.net.kit.FrameBatch;

/** What is done with the frames of cards that have something outside, besides carrying them. */
class OutsideCardsTest {
  private static final String NODE = "/outside-network-0";
  private static final byte[] OWN = {0x52, 0x54, 0, 0x12, 0x34, 0x56};
  private static final byte[] OTHER = {0x52, 0x54, 0, 0, 0, 2};

  @TempDir
  private Path folder;
  private final OutsidePort port = new OutsidePort();
  private final List<String> told = new ArrayList<>();
  private final List<byte[]> sent = new ArrayList<>();
  private boolean live = true;
  private boolean closed;

  private final Machine machine = (Machine) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Machine.class}, (proxy,
      method,
      arguments) -> switch (method.getName()) {
        case "port" -> port;
        case "live" -> live;
        case "now" -> 1_500_000_000L;
        case "input", "outside" -> null;
        default -> throw new AssertionError(method);
      });

  private final OutsideNetwork wire = new OutsideNetwork() {
    @Override
    public Map<String, String> settings() {
      return Map.of();
    }

    @Override
    public OutsideLink open(Map<String, List<String>> settings, FrameReceiver receiver) {
      return new OutsideLink() {
        @Override
        public void send(byte[] bytes, int offset, int length) {
          sent.add(java.util.Arrays.copyOfRange(bytes, offset, offset + length));
        }

        @Override
        public boolean busy() {
          return false;
        }

        @Override
        public void close() {
          closed = true;
        }
      };
    }
  };

  private OutsideCards cards(String text) {
    OutsideCards cards = new OutsideCards(machine, told::add);
    cards.open(NODE, wire, Nic.of(text, 0, Map.of("wire", wire)), "--nic '" + text + "'");
    cards.begin();
    return cards;
  }

  private static byte[] frame(byte[] to, byte[] from) {
    byte[] frame = new byte[60];
    System.arraycopy(to, 0, frame, 0, 6);
    System.arraycopy(from, 0, frame, 6, 6);
    return frame;
  }

  private void comes(byte[]... frames) {
    FrameBatch batch = new FrameBatch();
    for (byte[] frame : frames) {
      batch.add(frame, 0, frame.length, 0, 0);
    }
    port.bring(batch.take());
  }

  private void goes(byte[] frame) {
    port.send(frame, 0, frame.length, 0, 0);
  }

  @Test
  void whoHasTheCardsAddressOutsideIsToldOfOnceWithTheRemedy() {
    cards("wire");
    comes(frame(OWN, OTHER), frame(OTHER, OWN.clone()));
    assertEquals(1, told.size(), told::toString);
    assertTrue(told.getFirst().contains("52:54:00:12:34:56") && told.getFirst().contains("mac=52:54:00:12:35:56"), told::toString);
    comes(frame(OTHER, OWN));
    assertEquals(1, told.size(), told::toString);
  }

  @Test
  void anAddressOfItsOwnIsNothingToTellOf() {
    cards("wire,mac=52:54:00:00:00:02");
    comes(frame(OTHER, OWN));
    assertEquals(List.of(), told);
  }

  @Test
  void whatPassesIsCapturedAndWhatIsExecutedAgainIsNot() throws Exception {
    Path file = folder.resolve("f.pcapng");
    OutsideCards cards = cards("wire,pcap=" + file);
    goes(frame(OTHER, OWN));
    comes(frame(OWN, OTHER), frame(OWN, OTHER));
    live = false;
    goes(frame(OTHER, OWN));
    comes(frame(OWN, OTHER));
    cards.close();
    // Section header, interface with its name, three packets of 60 bytes with their flags.
    assertEquals(28 + 20 + 24 + 8 + 4 + 3 * (32 + 60 + 12), Files.size(file));
    assertEquals(1, sent.size());
    assertEquals(List.of(), told);
  }

  @Test
  void aFileThatCannotBeWrittenIsRefusedAndNothingStaysOpen() {
    String said = assertThrows(BadInput.class, () -> cards("wire,pcap=" + folder.resolve("none/f"))).getMessage();
    assertTrue(said.contains("nic") && said.contains("there is no " + folder.resolve("none/f")), said);
    assertTrue(closed);
  }

  @Test
  void aDiskThatIsFullEndsTheCaptureWhichIsSaidOnceAndTheCardGoesOn() {
    OutsideCards cards = cards("wire,pcap=/dev/full");
    for (int i = 0; i < 3000; i++) {
      goes(frame(OTHER, OWN));
    }
    assertEquals(3000, sent.size());
    assertEquals(1, told.size(), told::toString);
    assertTrue(told.getFirst().contains("/dev/full has no more frames from here on"), told::toString);
    cards.close();
    assertEquals(1, told.size(), told::toString);
    assertFalse(sent.isEmpty());
  }
}
