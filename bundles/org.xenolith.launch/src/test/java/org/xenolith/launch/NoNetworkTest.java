// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.control.Machine;
import org.xenolith.net.api.OutsidePort;
import org.xenolith.net.kit.FrameBatch;
import org.xenolith.net.kit.TcpFrame;

class NoNetworkTest {
  private static final byte[] SEGMENT = HexFormat.of().parseHex("525500000001" + "525400123456" + "0800"
      + "4500002800000000400600000a00020f0a000202" + "04010050" + "00001000" + "00002000" + "50108000" + "00000000");

  private final OutsidePort port = new OutsidePort();
  private final List<byte[]> inputs = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private boolean live = true;

  /** As much of a machine as is asked: a port, inputs that nobody has taken yet, and whether it replays. */
  private Machine machine() {
    return (Machine) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Machine.class}, (proxy, method,
        arguments) -> switch (method
            .getName()) {
          case "port" -> port;
          case "input" -> inputs.add((byte[]) arguments[2]) ? null : null;
          case "live" -> live;
          default -> throw new AssertionError(method);
        });
  }

  private NoNetwork none() {
    return new NoNetwork(machine(), "/outside-network-0", "--nic 'user'", told::add);
  }

  private void guestSends(byte[] frame) {
    port.send(frame, 0, frame.length, 0, 0);
  }

  @Test
  void segmentsAreRefusedAndThatIsSaidOnce() {
    none();
    assertEquals(List.of(), told, "a guest that wants nothing");
    guestSends(new byte[60]);
    guestSends(SEGMENT);
    guestSends(SEGMENT);
    assertEquals(1, inputs.size(), "the second waits until the first is taken");
    assertArrayEquals(TcpFrame.refusal(SEGMENT, 0, SEGMENT.length), Arrays.copyOfRange(inputs.getFirst(), FrameBatch.HEADER, inputs
        .getFirst().length));
    port.bring(inputs.getFirst());
    assertEquals(2, inputs.size());
    assertEquals(1, told.size(), told::toString);
    assertTrue(told.getFirst().startsWith("--nic 'user': a fork has no network outside"), told::toString);
  }

  @Test
  void whatIsExecutedAgainIsAnsweredByTheJournalAlone() {
    none();
    live = false;
    guestSends(SEGMENT);
    assertEquals(0, inputs.size());
  }

  @Test
  void aGuestIsAskedAfterItsConnectionsAtOnce() {
    FrameBatch batch = new FrameBatch();
    batch.add(SEGMENT, 0, SEGMENT.length, 0, 0);
    byte[] questions = batch.take();
    port.attach(new OutsidePort.Station() {
      @Override
      public int bring(byte[] frames) {
        return frames.length;
      }

      @Override
      public byte[] questions() {
        return questions;
      }
    });
    none();
    assertArrayEquals(questions, inputs.getFirst());
    assertEquals(1, told.size());
  }

  @Test
  void nobodyAnswersAfterTheEnd() {
    none().close();
    guestSends(SEGMENT);
    assertEquals(0, inputs.size());
  }
}
