// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory.Mode;

/** What the client makes of servers that say what none should, or nothing. */
class NbdContentTest {
  private static final int SECTOR = 512;
  private static final int PATIENCE_MILLIS = 300;
  private Path folder;

  /** A socket's name must be short. */
  @BeforeEach
  void makeAFolder() throws IOException {
    folder = Files.createTempDirectory("nbd");
  }

  @AfterEach
  void removeIt() throws IOException {
    Files.deleteIfExists(folder.resolve("s"));
    Files.delete(folder);
  }

  private BlockDevice open(Mode mode) throws IOException {
    return NbdComponent.open(NbdAddress.of("nbd:unix:" + folder.resolve("s")), mode, PATIENCE_MILLIS);
  }

  private TalkedServer server(TalkedServer.Talk talk) throws IOException {
    return new TalkedServer(folder.resolve("s"), talk);
  }

  private static String refused(org.junit.jupiter.api.function.Executable what) {
    return assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThrows(IOException.class, what).getMessage());
  }

  @Test
  void chunksAreTakenInAnyOrderAndHolesAreZeros() throws IOException {
    try (TalkedServer server = server((in, out) -> {
      TalkedServer.negotiate(in, out, 8 * SECTOR, 1, true);
      long handle = TalkedServer.request(in);
      byte[] second = new byte[8 + SECTOR];
      Arrays.fill(second, 8, second.length, (byte) 7);
      TalkedServer.chunk(out, 0, 1, handle, ByteBuffer.wrap(second).putLong(0, 3 * SECTOR).array());
      TalkedServer.chunk(out, 0, 2, handle, ByteBuffer.allocate(12).putLong(2 * SECTOR).putInt(SECTOR).array());
      TalkedServer.chunk(out, 1, 0, handle, new byte[0]);
      TalkedServer.request(in);
    }); BlockDevice disk = open(Mode.READ_ONLY)) {
      assertEquals(8, disk.sectors());
      byte[] read = new byte[2 * SECTOR];
      Arrays.fill(read, (byte) 1);
      disk.read(2, read, 0, 2);
      byte[] expected = new byte[2 * SECTOR];
      Arrays.fill(expected, SECTOR, 2 * SECTOR, (byte) 7);
      assertArrayEquals(expected, read);
    }
  }

  @Test
  void errorOfTheServerIsSaidAndTheDiskGoesOn() throws IOException {
    try (TalkedServer server = server((in, out) -> {
      TalkedServer.negotiate(in, out, 8 * SECTOR, 1, true);
      byte[] text = "the cable is out".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      TalkedServer.chunk(out, 1, 0x8001, TalkedServer.request(in), ByteBuffer.allocate(6 + text.length).putInt(5).putShort(
          (short) text.length)
          .put(text).array());
      byte[] sector = new byte[8 + SECTOR];
      TalkedServer.chunk(out, 1, 1, TalkedServer.request(in), sector);
      TalkedServer.request(in);
    }); BlockDevice disk = open(Mode.READ_ONLY)) {
      String message = refused(() -> disk.read(1, new byte[SECTOR], 0, 1));
      assertEquals("nbd:unix:" + folder.resolve("s")
          + ": can't be read at 0x200: the server says: an input or output error (the cable is out)",
          message);
      disk.read(0, new byte[SECTOR], 0, 1);
    }
  }

  @Test
  void serverThatVanishesOrIsSilentIsAnErrorAndNeverAHang() throws IOException {
    try (TalkedServer server = server((in, out) -> {
      TalkedServer.negotiate(in, out, 8 * SECTOR, 1, false);
      TalkedServer.request(in);
    }); BlockDevice disk = open(Mode.OVERLAY)) {
      assertTrue(refused(() -> disk.read(0, new byte[SECTOR], 0, 1)).contains("has closed the connection"));
      assertTrue(refused(() -> disk.read(0, new byte[SECTOR], 0, 1)).contains("the connection is lost since the server has closed"));
    }
    Files.delete(folder.resolve("s"));
    AtomicReference<TalkedServer> silent = new AtomicReference<>();
    try (TalkedServer server = server((in, out) -> {
      TalkedServer.negotiate(in, out, 8 * SECTOR, 1, false);
      silent.get().beSilent();
    })) {
      silent.set(server);
      try (BlockDevice disk = open(Mode.OVERLAY)) {
        assertTrue(refused(() -> disk.read(0, new byte[SECTOR], 0, 1)).contains("has been silent for 0.3 s"));
      }
    }
    Files.delete(folder.resolve("s"));
    assertTrue(refused(() -> open(Mode.OVERLAY)).contains("no server is there"));
  }

  @Test
  void repliesThatNobodyAskedForEndTheConnection() throws IOException {
    TalkedServer.Talk[] talks = {
        // behind what was asked for
        (in, out) -> TalkedServer.chunk(out, 1, 2, TalkedServer.request(in), ByteBuffer.allocate(12).putLong(SECTOR).putInt(SECTOR)
            .array()),
        // more than was asked for
        (in, out) -> TalkedServer.chunk(out, 1, 2, TalkedServer.request(in), ByteBuffer.allocate(12).putLong(0).putInt(-1).array()),
        // too little
        (in, out) -> TalkedServer.chunk(out, 1, 0, TalkedServer.request(in), new byte[0]),
        // to another one
        (in, out) -> TalkedServer.chunk(out, 1, 0, TalkedServer.request(in) + 1, new byte[0]),
        // of no kind that there is, and long
        (in, out) -> TalkedServer.chunk(out, 1, 77, TalkedServer.request(in), new byte[77]), (in, out) -> {
          TalkedServer.request(in);
          out.writeInt(0x12345678);
        }};
    for (TalkedServer.Talk talk : talks) {
      try (TalkedServer server = server((in, out) -> {
        TalkedServer.negotiate(in, out, 8 * SECTOR, 1, true);
        talk.with(in, out);
        in.read();
      }); BlockDevice disk = open(Mode.OVERLAY)) {
        String first = refused(() -> disk.read(0, new byte[SECTOR], 0, 1));
        assertTrue(first.contains(": the server "), first);
        assertTrue(refused(() -> disk.read(0, new byte[SECTOR], 0, 1)).contains("is lost since"));
      }
      Files.delete(folder.resolve("s"));
    }
  }

  @Test
  void negotiationsThatFailSayWhy() throws IOException {
    TalkedServer.Talk[] talks = {(in, out) -> out.write("SSH-2.0-OpenSSH_9.2\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII)), (
        in, out) -> {
      out.writeLong(0x4E42444D41474943L);
      out.writeLong(0x00420281861253L);
    }, (in, out) -> {
      begin(in, out);
      TalkedServer.reply(out, 7, 0x8000_0006, new byte[0]);
    }, (in, out) -> {
      begin(in, out);
      TalkedServer.reply(out, 7, 0x8000_0005, new byte[0]);
    }, (in, out) -> TalkedServer.negotiate(in, out, -1, 1, true), (in, out) -> {
      begin(in, out);
      TalkedServer.reply(out, 7, 3, ByteBuffer.allocate(14).putShort((short) 3).putInt(4096).putInt(4096).putInt(1 << 20).array());
    }};
    String[] says = {"is no NBD server", "the old negotiation only", "it has none of that name", "it wants TLS", "an export of",
        "blocks of 4096 bytes"};
    for (int i = 0; i < talks.length; i++) {
      TalkedServer.Talk talk = talks[i];
      try (TalkedServer server = server((in, out) -> {
        talk.with(in, out);
        in.read();
      })) {
        String message = refused(() -> open(Mode.OVERLAY));
        assertTrue(message.contains(says[i]), message);
      }
      Files.delete(folder.resolve("s"));
    }
  }

  private static void begin(java.io.DataInputStream in, java.io.DataOutputStream out) throws IOException {
    out.writeLong(0x4E42444D41474943L);
    out.writeLong(0x49484156454F5054L);
    out.writeShort(3);
    in.readInt();
    TalkedServer.option(in);
    TalkedServer.reply(out, 8, 1, new byte[0]);
    TalkedServer.option(in);
  }

  @Test
  void whoWritesIsAlone() throws IOException {
    try (TalkedServer server = server((in, out) -> {
      TalkedServer.negotiate(in, out, 8 * SECTOR, 1, true);
      in.read();
    }); BlockDevice disk = open(Mode.WRITE_THROUGH)) {
      assertTrue(refused(() -> open(Mode.OVERLAY)).contains("being written by another disk or machine of this process"));
    }
    Files.delete(folder.resolve("s"));
    try (TalkedServer server = server((in, out) -> {
      TalkedServer.negotiate(in, out, 8 * SECTOR, 3, true);
      in.read();
    })) {
      assertTrue(refused(() -> open(Mode.WRITE_THROUGH)).contains("to be read only"));
    }
  }

  @Test
  void addressesHaveTheFormsOfQemuAndOfNbd() throws IOException {
    assertEquals("", NbdAddress.of("nbd:unix:/run/a.sock").export());
    assertEquals("/run/a.sock", NbdAddress.of("nbd:unix:/run/a.sock:exportname=disk").server().toString());
    assertEquals("disk", NbdAddress.of("nbd:unix:/run/a.sock:exportname=disk").export());
    assertEquals(new java.net.InetSocketAddress("127.0.0.1", 99), NbdAddress.of("nbd:127.0.0.1:99").server());
    assertEquals(new java.net.InetSocketAddress("127.0.0.1", 10809), NbdAddress.of("nbd://127.0.0.1/disk").server());
    assertEquals(new java.net.InetSocketAddress("::1", 7), NbdAddress.of("nbd://[::1]:7/disk").server());
    assertEquals("disk", NbdAddress.of("nbd+unix:///disk?socket=/run/a.sock").export());
    for (String wrong : new String[] {"nbd:", "nbd:unix:", "nbd:host", "nbd:host:0", "nbd:host:70000", "nbd+unix:///disk"}) {
      assertTrue(assertThrows(IOException.class, () -> NbdAddress.of(wrong)).getMessage().startsWith(wrong + ": "), wrong);
    }
  }
}
