// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.net.api.EthernetSwitch;
import org.xenolith.net.api.FrameSink;
import org.xenolith.net.api.NetworkNodes;
import org.xenolith.net.api.OutsidePort;
import org.xenolith.net.api.StationPort;
import org.xenolith.net.kit.FrameBatch;
import org.xenolith.net.kit.TcpFrame;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class OutsideStationTest {
  private final FakeContext context = new FakeContext(FakeNode.at("/outside-network-0").compatible(NetworkNodes.OUTSIDE).build());
  private final EthernetPort segments = context.port(EthernetPort.class);
  private final OutsidePort port = context.port(OutsidePort.class);
  /** Lengths of frames, from whom and with what left to do. */
  private final List<String> passed = new ArrayList<>();
  private final List<String> out = new ArrayList<>();
  private int taken;
  private StationPort card;
  private OutsideStation station;

  /** A card with so many buffers. */
  private record Card(int free, int room) implements FrameSink {
    @Override
    public void frame(byte[] bytes, int offset, int length, int offload, int segment) {}
  }

  @BeforeEach
  void connect() {
    segments.attach(new EthernetSwitch() {
      @Override
      public void joined(StationPort joined) {}

      @Override
      public void left(StationPort left) {}

      @Override
      public void send(StationPort from, byte[] bytes, int offset, int length, int offload, int segment) {
        passed.add(length + "/" + offload + "/" + segment);
      }
    }, context);
    port.connect(new OutsidePort.Outside() {
      @Override
      public void frame(byte[] bytes, int offset, int length, int offload, int payload) {
        out.add(length + "/" + offload + "/" + payload);
      }

      @Override
      public int offloads() {
        return 0;
      }

      @Override
      public void taken(int bytes) {
        taken += bytes;
      }
    });
    station = new OutsideStation(context);
  }

  private void card(int free, int room) {
    card = segments.join(NetworkNodes.FIRST, "card", new Card(free, room), new FakeContext(FakeNode.at("/card").build()));
  }

  private static byte[] batch(int... payloads) {
    FrameBatch batch = new FrameBatch();
    for (int payload : payloads) {
      batch.add(new byte[1000], 0, 1000, payload == 0 ? 0 : 4, payload);
    }
    return batch.take();
  }

  @Test
  void framesComeInAsFarAsACardHasBuffers() {
    card(3, 256);
    byte[] four = batch(0, 0, 0, 0);
    assertEquals(3 * (FrameBatch.HEADER + 1000), port.bring(four));
    assertEquals(List.of("1000/0/0", "1000/0/0", "1000/0/0"), passed);
    assertEquals(3 * (FrameBatch.HEADER + 1000), taken);
  }

  @Test
  void aFrameThatBecomesManyNeedsAsManyBuffersUnlessNoneOfTheCardsIsTaken() {
    card(3, 256);
    assertEquals(0, port.bring(batch(250)));
    card.leave();
    card(3, 3);
    assertEquals(FrameBatch.HEADER + 1000, port.bring(batch(250, 0)), "it'd wait for ever else");
    assertEquals(List.of("1000/4/250"), passed);
  }

  @Test
  void aSegmentWithoutCardsTakesAll() {
    assertEquals(batch(0, 0).length, port.bring(batch(0, 0)));
  }

  @Test
  void whatTheJournalHasThatIsNoFrameIsNothing() {
    card(3, 256);
    assertEquals(5, port.bring(new byte[] {0, 0, 9, 9, 9}));
    assertEquals(List.of(), passed);
  }

  @Test
  void framesGoOutToWhoIsConnected() {
    station.frame(new byte[64], 0, 64, 1, 0);
    port.connect(null);
    station.frame(new byte[64], 0, 64, 1, 0);
    assertEquals(List.of("64/1/0"), out);
  }

  @Test
  void framesThatComeWhileNoStationIsThereAreLost() {
    card(3, 256);
    station.removed();
    assertEquals(batch(0).length, port.bring(batch(0)));
    assertEquals(List.of(), passed);
    station = new OutsideStation(context);
    port.bring(batch(0));
    assertEquals(1, passed.size());
  }

  // ---- what a guest is connected with

  /** A segment from a port of 10.0.2.15 to 10.0.2.2:80. */
  private static byte[] segment(int port, int sequence, int flags) {
    return HexFormat.of().parseHex("525500000001" + "525400123456" + "0800" + "4500002800000000400600000a00020f0a000202"
        + "%04x0050%08x00002000".formatted(port, sequence) + "50%02x8000".formatted(flags) + "00000000");
  }

  private void sends(int port, int sequence, int flags) {
    station.frame(segment(port, sequence, flags), 0, 54, 0, 0);
  }

  /** Ports, sequences and numbers acknowledged of what a guest is asked. */
  private List<String> asked() {
    byte[] questions = port.questions();
    List<String> asked = new ArrayList<>();
    for (int at = 0; FrameBatch.length(questions, at) >= 0; at += FrameBatch.HEADER + FrameBatch.length(questions, at)) {
      assertEquals(54, FrameBatch.length(questions, at));
      int tcp = at + FrameBatch.HEADER + 34;
      asked.add(HexFormat.of().formatHex(questions, tcp + 2, tcp + 4) + " " + HexFormat.of().formatHex(questions, tcp + 4, tcp + 12));
    }
    return asked;
  }

  @Test
  void aGuestIsAskedAfterWhatItIsConnectedWithByNumbersThatItAnswers() {
    sends(1025, 0x1000, TcpFrame.SYN);
    assertEquals(List.of(), asked(), "who only asks for a connection asks again");
    sends(1025, 0x1001, TcpFrame.ACK);
    sends(1026, 0x5000, TcpFrame.ACK);
    sends(1025, 0x1100, TcpFrame.ACK);
    assertEquals(List.of("0401 00001fff00001100", "0402 00001fff00005000"), asked(), "the number before the one that is expected");
    sends(1025, 0x1100, TcpFrame.RST);
    assertEquals(List.of("0402 00001fff00005000"), asked());
  }

  @Test
  void whatAGuestIsConnectedWithIsStateAndRecordsWithoutItAreTaken() {
    sends(1025, 0x1001, TcpFrame.ACK);
    StateRecord record = station.state().save();
    station = new OutsideStation(context);
    assertEquals(List.of(), asked());
    station.state().restore(record);
    assertEquals(1, asked().size());
    station.state().restore(new StateRecord());
    assertEquals(List.of(), asked());
  }

  @Test
  void ofManyConnectionsThoseThatHaveEndedMakeRoomFirst() {
    sends(1, 1, TcpFrame.ACK);
    sends(2, 1, TcpFrame.FIN | TcpFrame.ACK);
    for (int guest = 3; guest < SeenConnections.MOST + 2; guest++) {
      sends(guest, 1, TcpFrame.ACK);
    }
    List<String> asked = asked();
    assertEquals(SeenConnections.MOST, asked.size());
    assertEquals(List.of("0001", "%04x".formatted(SeenConnections.MOST + 1)), asked.stream().limit(2).map(each -> each.substring(0, 4))
        .toList());
    sends(1000, 1, TcpFrame.ACK);
    sends(1001, 1, TcpFrame.ACK);
    assertEquals(SeenConnections.MOST, asked().size(), "it is bounded");
  }
}
