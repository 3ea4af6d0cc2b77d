// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ninep.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MessageTest {
  @Test
  void aMessageIsLaidOutAsTheManualHasIt() {
    byte[] walk = new MessageWriter(8).request(MessageType.WALK, 0x0102).word(1).word(2).half(1).text("a\u00e9").bytes();
    assertEquals("15000000" + "6e" + "0201" + "01000000" + "02000000" + "0100" + "0200" + "61e9", HexFormat.of().formatHex(walk));
    byte[] attached = new MessageWriter(8).reply(MessageType.ATTACH, 3).qid(new Qid(Qid.FOLDER, 5, 0x1122334455667788L)).bytes();
    assertEquals("14000000" + "69" + "0300" + "80" + "05000000" + "8877665544332211", HexFormat.of().formatHex(attached));
    assertEquals("0b000000" + "07" + "ffff" + "02000000", HexFormat.of().formatHex(Message.error(Message.NO_TAG, 2)));
  }

  @Test
  void whatWasWrittenIsRead() throws MalformedMessage {
    byte[] content = {1, 2, 3};
    byte[] bytes = new MessageWriter(8).request(MessageType.WRITE, 9).octet(200).half(50_000).word(-2).wide(-3L).text("name").data(content,
        1, 2)
        .bytes();
    MessageReader in = new MessageReader(bytes);
    assertEquals(118, in.number());
    assertEquals(9, in.tag());
    assertEquals(200, in.octet());
    assertEquals(50_000, in.half());
    assertEquals(-2, in.word());
    assertEquals(-3, in.wide());
    assertEquals("name", in.text());
    int at = in.data();
    assertEquals(2, in.taken());
    assertArrayEquals(new byte[] {2, 3}, new byte[] {bytes[at], bytes[at + 1]});
    assertEquals(0, in.left());
  }

  @Test
  void aMessageGrowsWithEachKindOfField() throws MalformedMessage {
    for (int expected = 8; expected < 40; expected++) {
      MessageWriter out = new MessageWriter(expected).request(MessageType.WRITE, 9);
      for (int i = 0; i < 40; i++) {
        out.octet(i).half(i).word(i).wide(i).text("" + i);
      }
      MessageReader in = new MessageReader(out.bytes());
      for (int i = 0; i < 40; i++) {
        assertEquals(i + " " + i + " " + i + " " + i + " " + i, in.octet() + " " + in.half() + " " + in.word() + " " + in.wide() + " " + in
            .text());
      }
    }
  }

  @Test
  void everyCutMessageIsRefused() {
    byte[] whole = new MessageWriter(8).request(MessageType.LCREATE, 9).word(1).text("name").word(2).word(3).word(4).bytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(MalformedMessage.class, () -> new MessageReader(cut), "bytes: " + length);
      if (length >= Message.HEADER) {
        Message.INT.set(cut, 0, length);
        assertThrows(MalformedMessage.class, () -> {
          MessageReader in = new MessageReader(cut);
          in.word();
          in.text();
          in.word();
          in.word();
          in.word();
        }, "bytes that say so: " + length);
      }
    }
  }

  @Test
  void dataThatIsLongerThanAMessageCanBeIsRefused() throws MalformedMessage {
    for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1}) {
      MessageReader in = new MessageReader(new MessageWriter(8).request(MessageType.WRITE, 1).word(length).bytes());
      assertThrows(MalformedMessage.class, in::data);
    }
  }

  @Test
  void numbersOfRequestsAreEvenAndThoseOfReplies1More() {
    for (int number = 0; number < 256; number++) {
      Optional<MessageType> type = MessageType.of(number);
      int expected = number;
      assertTrue(type.isEmpty() || type.get().request() == expected && type.get().reply() == expected + 1 && expected % 2 == 0);
    }
    assertEquals(28, MessageType.values().length);
  }
}
