// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
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
}
