// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a server says of an export, by the fixed newstyle negotiation (doc/proto.md of the NBD project, "Newstyle negotiation").
 *
 * @param size       bytes that it has
 * @param flags      what is possible with it ("Transmission flags")
 * @param most       bytes of a request
 * @param structured whether replies come in chunks
 */
record NbdExport(long size, int flags, int most, boolean structured) {
  static final int READ_ONLY = 1 << 1;
  static final int FLUSH = 1 << 2;
  static final int FUA = 1 << 3;
  static final int TRIM = 1 << 5;
  static final int WRITE_ZEROES = 1 << 6;

  private static final long NBD_MAGIC = 0x4E42_444D_4147_4943L;
  private static final long OPTION_MAGIC = 0x4948_4156_454F_5054L;
  private static final long OLDSTYLE_MAGIC = 0x0042_0281_8612_53L;
  private static final long REPLY_MAGIC = 0x0003_E889_0455_65A9L;
  private static final int FIXED_NEWSTYLE = 1;
  private static final int NO_ZEROES = 1 << 1;
  private static final int EXPORT_NAME = 1;
  private static final int GO = 7;
  private static final int STRUCTURED_REPLY = 8;
  private static final int ACK = 1;
  private static final int INFO = 3;
  private static final int ERROR = 1 << 31;
  private static final int UNSUPPORTED = ERROR | 1;
  private static final int INFO_EXPORT = 0;
  private static final int INFO_BLOCK_SIZE = 3;
  private static final int SECTOR = 512;
  /** What every server takes ("Block size constraints"). */
  private static final int USUAL_MOST = 32 << 20;
  /** A longer answer to an option is none that a server gives. */
  private static final int LONGEST_ANSWER = 1 << 16;
  private static final long LARGEST = (long) SECTOR << 32;

  boolean can(int flag) {
    return (flags & flag) != 0;
  }

  /** Talks with a server until it serves an export. */
  static NbdExport negotiate(NbdWire wire, String export) throws IOException {
    ByteBuffer hello = wire.read(16);
    if (hello.getLong(0) != NBD_MAGIC || hello.getLong(8) != OPTION_MAGIC) {
      throw wire.broken(hello.getLong(0) != NBD_MAGIC ? "what is there is no NBD server"
          : hello.getLong(8) == OLDSTYLE_MAGIC ? "the server speaks the old negotiation only; have it name its export"
          : "the server speaks no negotiation that is known");
    }
    int flags = wire.read(2).getShort(0);
    if ((flags & FIXED_NEWSTYLE) == 0) {
      throw wire.broken("the server doesn't speak the fixed newstyle negotiation; take a newer one");
    }
    boolean noZeroes = (flags & NO_ZEROES) != 0;
    wire.write(ByteBuffer.allocate(4).putInt(0, FIXED_NEWSTYLE | (noZeroes ? NO_ZEROES : 0)));
    ask(wire, STRUCTURED_REPLY, new byte[0]);
    boolean structured = answer(wire, STRUCTURED_REPLY).type == ACK;
    return go(wire, export, structured, noZeroes);
  }

  private static NbdExport go(NbdWire wire, String export, boolean structured, boolean noZeroes) throws IOException {
    byte[] name = export.getBytes(StandardCharsets.UTF_8);
    ask(wire, GO, ByteBuffer.allocate(name.length + 8).putInt(name.length).put(name).putShort((short) 1).putShort((short) INFO_BLOCK_SIZE)
        .array());
    long size = -1;
    int flags = 0;
    int most = USUAL_MOST;
    while (true) {
      Answer answer = answer(wire, GO);
      if (answer.type == INFO && answer.data.remaining() >= 2) {
        int kind = answer.data.getShort();
        if (kind == INFO_EXPORT && answer.data.remaining() >= 10) {
          size = answer.data.getLong();
          flags = answer.data.getShort();
        } else if (kind == INFO_BLOCK_SIZE && answer.data.remaining() >= 12) {
          most = mostOf(wire, answer.data);
        }
      } else if (answer.type == UNSUPPORTED) {
        return byName(wire, name, noZeroes);
      } else if ((answer.type & ERROR) != 0) {
        throw wire.broken("the server doesn't give the export '" + export + "': " + answer.reason());
      } else {
        return checked(wire, new NbdExport(size, flags, most, structured));
      }
    }
  }

  private static int mostOf(NbdWire wire, ByteBuffer data) throws IOException {
    int least = data.getInt();
    data.getInt();
    int most = data.getInt();
    if (least < 1 || least > SECTOR) {
      throw wire.broken("the server takes blocks of " + Integer.toUnsignedString(least) + " bytes only, and sectors have " + SECTOR
          + "; have it take them (the filter blocksize of nbdkit)");
    }
    return most < 0 || most > USUAL_MOST ? USUAL_MOST : Math.max(most / SECTOR * SECTOR, SECTOR);
  }

  /** Of a server that doesn't know another way. */
  private static NbdExport byName(NbdWire wire, byte[] name, boolean noZeroes) throws IOException {
    ask(wire, EXPORT_NAME, name);
    ByteBuffer said = wire.read(noZeroes ? 10 : 134);
    return checked(wire, new NbdExport(said.getLong(0), said.getShort(8), USUAL_MOST, false));
  }

  private static NbdExport checked(NbdWire wire, NbdExport export) throws IOException {
    if (export.size <= 0 || export.size > LARGEST) {
      throw wire.broken("the server says an export of " + Long.toUnsignedString(export.size) + " bytes; expected 1 to " + LARGEST);
    }
    return export;
  }

  private static void ask(NbdWire wire, int option, byte[] data) throws IOException {
    wire.write(ByteBuffer.allocate(16 + data.length).putLong(OPTION_MAGIC).putInt(option).putInt(data.length).put(data).flip());
  }

  /** What a server answers to an option. */
  private record Answer(int type, ByteBuffer data) {
    private String reason() {
      String said = new String(data.array(), StandardCharsets.UTF_8);
      String kind = switch (type & ~ERROR) {
        case 2 -> "its policy forbids it";
        case 3 -> "it takes the request for a wrong one";
        case 5 -> "it wants TLS, which isn't spoken here; reach it by a tunnel, such as ssh's";
        case 6 -> "it has none of that name";
        case 7 -> "it is about to end";
        case 8 -> "it wants a client that keeps to its sizes of blocks";
        default -> "error " + (type & ~ERROR);
      };
      return said.isBlank() ? kind : kind + " (" + said.strip() + ")";
    }
  }

  private static Answer answer(NbdWire wire, int option) throws IOException {
    ByteBuffer head = wire.read(20);
    int length = head.getInt(16);
    if (head.getLong(0) != REPLY_MAGIC || head.getInt(8) != option || length < 0 || length > LONGEST_ANSWER) {
      throw wire.broken("the server answers option " + option + " by what is no answer");
    }
    return new Answer(head.getInt(12), wire.read(length));
  }
}
