// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.testkit.efi.PathBench.END;
import static org.xenolith.testkit.efi.PathBench.MARK;
import static org.xenolith.testkit.efi.PathBench.NOWHERE;
import static org.xenolith.testkit.efi.PathBench.join;
import static org.xenolith.testkit.efi.PathBench.node;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.Ucs2;

/**
 * What EFI_DEVICE_PATH_TO_TEXT_PROTOCOL and EFI_DEVICE_PATH_FROM_TEXT_PROTOCOL must keep (UEFI 2.10, 10.6). What a malformed text comes to
 * isn't said there: nothing, or some path that is one.
 */
public abstract class DevicePathTextContract {
  private static final int NODE = 0;
  private static final int PATH = 1;
  private static final int MEDIA = 4;
  private static final int FILE = 4;
  /** Characters of which no file's name has so many. */
  private static final int MANY = 33_000;
  /** TRUE and FALSE have 8 bits; those above are anybody's (AAPCS64). */
  private static final long FALSE = 0x1234_5600L;
  /** Texts of 10.6.1, and the nodes that they mean. */
  private static final String TEXTS = """
      Pci(0x1F,0x2) 01010600021F
      Pci(31,2) 01010600021F
      PcCard(0x3) 0102050003
      MemoryMapped(0xB,0x1000,0x1FFF) 010318000B0000000010000000000000FF1F000000000000
      VenHw(64074AFE-340A-4BE6-94BA-91B5B4D0F71E) 01041400FE4A07640A34E64B94BA91B5B4D0F71E
      VenHw(64074AFE-340A-4BE6-94BA-91B5B4D0F71E,0102) 01041600FE4A07640A34E64B94BA91B5B4D0F71E0102
      Ctrl(0x3) 0105080003000000
      BMC(0x1,0x1000) 01060D00010010000000000000
      Acpi(PNP0A03,0x1) 02010C00D041030A01000000
      PciRoot(0x1) 02010C00D041030A01000000
      PcieRoot(1) 02010C00D041080A01000000
      Floppy(0x0) 02010C00D041040600000000
      Keyboard(0x0) 02010C00D041010300000000
      Serial(0x2) 02010C00D041010502000000
      ParallelPort(0x0) 02010C00D041010400000000
      AcpiEx(PNP0A03,PNP0A08,0x5,,,) 02021300D041030A05000000D041080A000000
      AcpiEx(0x1234ABCD,0,7,HID,CID,UID) 02021C00CDAB3412070000000000000048494400554944004349\
      4400
      AcpiExp(PNP0A03,0,UID) 02021600D041030A0000000000000000005549440000
      AcpiAdr(0x80010100) 0203080000010180
      AcpiAdr(0x80010100,0x2) 02030C000001018002000000
      Ata(Primary,Master,0x0) 0301080000000000
      Ata(Secondary,Slave,2) 0301080001010200
      Ata(1,0,0x0) 0301080001000000
      I1394(0123456789ABCDEF) 0304100000000000EFCDAB8967452301
      UsbClass(0x1234,0x5678,0x3,0x1,0x2) 030F0B0034127856030102
      UsbClass(0x1234) 030F0B003412FFFFFFFFFF
      UsbWwid(0x1234,0x5678,0x1,"A1") 03100E0001003412785641003100
      SAS(0x31000004CF13F6BD,0x0,0x2,SATA,External,Expanded,0x3,0x1) \
      030A2C00B4DD87D48B00D911AFDC001083FFCA4D01000000BDF613CF0400003100000000000000007202\
      0200
      SAS(0x1,0x2,0x3,SAS,Internal,Direct,0,0) \
      030A2C00B4DD87D48B00D911AFDC001083FFCA4D0000000001000000000000000200000000000000010003\
      00
      SAS(0x1,0x2,0x3,NoTopology,0,0,0,0) \
      030A2C00B4DD87D48B00D911AFDC001083FFCA4D0000000001000000000000000200000000000000000003\
      00
      IPv4(192.168.0.1,TCP,Static,192.168.0.2,192.168.0.254,255.255.255.0) \
      030C1B00C0A80002C0A8000100000000060001C0A800FEFFFFFF00
      IPv4(10.0.0.1) 030C1B00000000000A000001000000001100000000000000000000
      IPv6(fe80:0:0:0:0:0:0:1,UDP,StatelessAutoConfigure,fe80:0:0:0:0:0:0:2,0:0:0:0:0:0:0:0,0x40) \
      030D3C00FE800000000000000000000000000002FE8000000000000000000000000000010000000011000140\
      00000000000000000000000000000000
      IPv6(fe80::1,TCP,Static,::,::,64) \
      030D3C0000000000000000000000000000000000FE8000000000000000000000000000010000000006000040\
      00000000000000000000000000000000
      Vlan(0x5) 031406000500
      Scsi(0x1,0x2) 0302080001000200
      Fibre(0x1,0x2) 030318000000000001000000000000000200000000000000
      USB(0x1,0x2) 030506000102
      I2O(0x5) 0306080005000000
      MAC(001122334455,0x1) 030B2500001122334455000000000000000000000000000000000000000000000000000001
      VenMsg(64074AFE-340A-4BE6-94BA-91B5B4D0F71E) 030A1400FE4A07640A34E64B94BA91B5B4D0F71E
      VenPcAnsi() 030A14005347C1E0BEF9D2119A0C0090273FC14D
      VenVt100() 030A14006560A6DF19B4D3119A2D0090273FC14D
      VenVt100Plus() 030A14000BC7AE7BE057764C8E872F9E28088343
      VenUtf8() 030A1400D6A015ADEC8BCF4AA073D01DE77E2D88
      Uart(115200,8,N,1) 030E13000000000000C2010000000000080101
      Unit(0x7) 0311050007
      Sata(0x1,0xFFFF,0x2) 03120A000100FFFF0200
      NVMe(0x1,00-00-00-00-00-00-00-00) 03171000010000000000000000000000
      Uri(http://a/b) 03180E00687474703A2F2F612F62
      UFS(0x1,0x2) 031906000102
      SD(0x1) 031A050001
      eMMC(0x1) 031D050001
      HD(1,GPT,64074AFE-340A-4BE6-94BA-91B5B4D0F71E,0x8,0x10) \
      04012A000100000008000000000000001000000000000000FE4A07640A34E64B94BA91B5B4D0F71E0202
      HD(2,MBR,0x12345678,0x3F,0x10) \
      04012A00020000003F000000000000001000000000000000785634120000000000000000000000000101
      CDROM(0x0,0x14,0x100) 040218000000000014000000000000000001000000000000
      VenMedia(64074AFE-340A-4BE6-94BA-91B5B4D0F71E) 04031400FE4A07640A34E64B94BA91B5B4D0F71E
      Media(64074AFE-340A-4BE6-94BA-91B5B4D0F71E) 04051400FE4A07640A34E64B94BA91B5B4D0F71E
      FvFile(64074AFE-340A-4BE6-94BA-91B5B4D0F71E) 04061400FE4A07640A34E64B94BA91B5B4D0F71E
      Fv(64074AFE-340A-4BE6-94BA-91B5B4D0F71E) 04071400FE4A07640A34E64B94BA91B5B4D0F71E
      Offset(0x10,0x20) 040818000000000010000000000000002000000000000000
      \\A.EFI 040412005C0041002E004500460049000000
      Path(4,99,0102) 046306000102
      Path(0x81,0xFE) 81FE0400
      HardwarePath(99,0102) 016306000102
      AcpiPath(99,0102) 026306000102
      Msg(99,0102) 036306000102
      MediaPath(99,0102) 046306000102
      BbsPath(99,0102) 056306000102
      """;

  private static final List<String> MALFORMED = List.of("", "(", ")", "()", ",", "/", ",,", "//", "Pci", "Pci(", "Pci()", "Pci(x)",
      "Pci(0x)", "Pci(1,2", "Pci(1,2))", "Pci((1,2)", "Pci(0x100,0)", "Pci(99999999999999999999,0)", "Pci(-1,0)", "Pci(1,2)x", "Pci(1/2)",
      "Acpi(PNP)", "Acpi(PNPwxyz,0)", "Acpi(,)", "Ata()", "Ata(Third,Master,0)",
      "AcpiEx()", "AcpiExp(,,)", "AcpiAdr()", "I1394(x)", "UsbClass()", "UsbWwid(1,2,3,\"a)", "SAS(1,2,3,SAS,0,0,300,0)", "IPv4(1.2.3)",
      "IPv4(1.2.3.256)", "IPv4(1.2.3.4,TCP,Always)", "IPv6(1:2)", "IPv6(1::2::3)", "IPv6(:)", "IPv6(12345::)", "Vlan(0x10000)",
      "HD(1,GPT,nonsense,0,0)", "HD(1,MBR,0x123456789,0,0)", "HD()", "HD(,,,,)", "VenHw(1,2)",
      "VenHw()", "VenMsg(64074AFE)", "MAC(zz,1)", "MAC(0,1)", "MAC(" + "00".repeat(64) + ",1)", "NVMe(1,0)", "NVMe(1," + "00-".repeat(20)
          + "00)", "Uart(fast,8,N,1)", "Uart(9600,8,Z,9)", "Path(1)", "Path()", "Path(,)", "Path(1,2,3)", "Path(256,1)", "Path(1,-1)",
      "Path(127,255)", "Path(127,1)", "Path(0,0)", "Uri(\u1234)", "Uri(", "\uD800", "\uFFFF(\uFFFE)", "Path(1,1," + "00".repeat(0xFFFC)
          + ")", "(".repeat(MANY), ")".repeat(MANY), "/".repeat(MANY), ",".repeat(MANY), "a".repeat(MANY), "Pci(".repeat(MANY / 4));

  /** A new EFI_DEVICE_PATH_TO_TEXT_PROTOCOL and EFI_DEVICE_PATH_FROM_TEXT_PROTOCOL; the pool is the contract's. */
  protected abstract OfferedProtocols texts();

  private static final class Bench {
    final PathBench paths;
    final long toText;
    final long fromText;
    private long room;

    Bench(OfferedProtocols texts) {
      paths = new PathBench(texts.firmware());
      toText = texts.protocol(Protocol.DEVICE_PATH_TO_TEXT);
      fromText = texts.protocol(Protocol.DEVICE_PATH_FROM_TEXT);
      room = paths.firmware.room(1 << 20);
    }

    /** Places what is converted once. */
    private long put(byte[] bytes) {
      paths.memory.write(room, bytes);
      return room;
    }

    long of(int function, byte[] bytes, long display, long shortcuts) {
      return paths.call(toText, function, put(bytes), display, shortcuts);
    }

    long from(int function, String text) {
      return paths.call(fromText, function, put(Ucs2.bytes(text)));
    }

    /** A text that was made, up to its NUL. */
    String text(long address, String what) {
      byte[] bytes = paths.made(address, what);
      int end = 0;
      while (end + 1 < bytes.length && (bytes[end] != 0 || bytes[end + 1] != 0)) {
        end += 2;
      }
      assertTrue(end + 1 < bytes.length, what + ": the text has no end in what was allocated");
      return Ucs2.text(bytes);
    }

    /** A node that was made; what follows it in memory isn't of it. */
    byte[] node(long address, String what) {
      byte[] bytes = paths.made(address, what);
      int length = bytes.length < 4 ? 0 : PathBench.length(bytes, 0);
      assertTrue(length >= 4 && length <= bytes.length, what + ": a node of " + length + " bytes where " + bytes.length + " are");
      return Arrays.copyOf(bytes, length);
    }

    /** A path's text means that path. */
    void again(byte[] path, boolean shortcuts) {
      String what = path.length > 100 ? path.length + " bytes" : HexFormat.of().formatHex(path);
      String text = text(of(PATH, path, FALSE, shortcuts ? 1 : FALSE), what);
      String said = text.length() > 100 ? text.substring(0, 100) : text;
      assertArrayEquals(path, paths.madePath(from(PATH, text), said), said);
    }

    /** A node's text means that node. */
    void nodeAgain(byte[] node, boolean shortcuts) {
      String what = HexFormat.of().formatHex(node, 0, Math.min(40, node.length));
      String text = text(of(NODE, node, FALSE, shortcuts ? 1 : FALSE), what);
      String said = text.length() > 100 ? text.substring(0, 100) : text;
      assertArrayEquals(node, node(from(NODE, text), said), said);
    }

    void works() {
      again(join(bytes("01010600021F"), END), true);
    }
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  /** Each text, and its node. */
  private static List<Map.Entry<String, byte[]>> table() {
    return TEXTS.lines().map(line -> line.split(" ", 2)).map(line -> Map.entry(line[0], bytes(line[1].replace(" ", "")))).toList();
  }

  private static byte[] file(String name) {
    return file(Ucs2.bytes(name));
  }

  private static byte[] file(byte[] data) {
    byte[] node = Arrays.copyOf(node(MEDIA, FILE, 4 + data.length), 4 + data.length);
    System.arraycopy(data, 0, node, 4, data.length);
    return node;
  }

  /** Nodes of all kinds: those of the table with other bytes, with more and fewer than they should have, and names like others' texts. */
  private static List<byte[]> nodes() {
    List<byte[]> all = new ArrayList<>();
    Random random = new Random(5);
    for (Map.Entry<String, byte[]> each : table()) {
      byte[] node = each.getValue();
      all.add(node);
      all.add(node(node[0] & 0xFF, node[1] & 0xFF, 4));
      for (int more : new int[] {-1, 0, 1}) {
        int length = Math.max(4, node.length + more);
        byte[] other = node(node[0] & 0xFF, node[1] & 0xFF, length);
        for (int at = 4; at < length; at++) {
          other[at] = (byte) random.nextInt();
        }
        all.add(other);
      }
    }
    for (int type : new int[] {0, 1, 2, 3, 4, 5, 6, 0x7E, 0x80, 0xFF}) {
      for (int subtype : new int[] {0, 99, 0x7F, 0x80, 0xFF}) {
        all.add(node(type, subtype, 4 + random.nextInt(3)));
      }
    }
    for (String place : List.of("http://[::1]:80/a?b=c&d", "a,b", " a , b ", "a(b)c", "a)b", "a(b", "a\0b", "\u00E4", "")) {
      byte[] data = place.getBytes(StandardCharsets.ISO_8859_1);
      byte[] node = node(3, 24, 4 + data.length);
      System.arraycopy(data, 0, node, 4, data.length);
      all.add(node);
    }
    for (String name : List.of("\\EFI\\BOOT\\BOOTAA64.EFI", "a b", "a,b", "a/b", "/", ",", "", " ", "(", ")", "a)", "a(b)", "Pci(0x1,0x2)",
        "Path(1,1)", "\uD800x\uDC00", "\u00E4\u4E2D\uFFFF", "VenPcAnsi()")) {
      all.add(file(name));
    }
    all.add(file(new byte[0]));
    all.add(file(new byte[] {65, 0}));
    all.add(file(new byte[] {65, 0, 0}));
    all.add(file(new byte[] {65, 0, 0, 0, 66, 0, 0, 0}));
    return all;
  }

  @Test
  void textsMeanTheNodesOfTheSpecification() {
    Bench bench = new Bench(texts());
    for (Map.Entry<String, byte[]> each : table()) {
      String text = each.getKey();
      assertArrayEquals(each.getValue(), bench.node(bench.from(NODE, text), text), text);
      assertArrayEquals(join(each.getValue(), END), bench.paths.madePath(bench.from(PATH, text), text), text);
      String two = "Pci(0x1F,0x2)/" + text;
      assertArrayEquals(join(bytes("01010600021F"), each.getValue(), END), bench.paths.madePath(bench.from(PATH, two), two), two);
    }
  }

  @Test
  void aNodesTextMeansTheNode() {
    Bench bench = new Bench(texts());
    for (byte[] node : nodes()) {
      bench.nodeAgain(node, true);
      bench.nodeAgain(node, false);
    }
  }

  @Test
  void aPathsTextMeansThePath() {
    Bench bench = new Bench(texts());
    for (byte[] node : nodes()) {
      bench.again(join(bytes("02010C00D041030A01000000"), node, END), true);
    }
    for (boolean shortcuts : new boolean[] {true, false}) {
      bench.again(join(join(nodes().toArray(byte[][]::new)), END), shortcuts);
    }
  }

  @Test
  void instancesAreKept() {
    Bench bench = new Bench(texts());
    byte[] one = bytes("02010C00D041030A01000000");
    byte[] other = bytes("01010600021F");
    byte[] text = bench.paths.madePath(bench.from(PATH, "PciRoot(1)/Pci(31,2),PciRoot(1),Pci(31,2)"), "a text of three instances");
    assertArrayEquals(join(one, other, MARK, one, MARK, other, END), text);
    for (byte[] path : List.of(END, join(one, MARK, other, END), text, join(one, MARK, MARK, other, END), join(MARK, one, END), join(one,
        MARK, END), join(MARK, END), join(file("a,b"), MARK, file("a/b"), END))) {
      bench.again(path, true);
    }
  }

  @Test
  void aTextForPeopleIsOne() {
    Bench bench = new Bench(texts());
    for (Map.Entry<String, byte[]> each : table()) {
      for (long shortcuts : new long[] {1, FALSE}) {
        String what = each.getKey() + " for people";
        assertTrue(!bench.text(bench.of(NODE, each.getValue(), 1, shortcuts), what).isEmpty(), what);
        assertTrue(!bench.text(bench.of(PATH, join(each.getValue(), END), 1, shortcuts), what).isEmpty(), what);
      }
    }
  }

  @Test
  void aNodeIsTheFirstOfItsText() {
    Bench bench = new Bench(texts());
    for (String rest : List.of("/Pci(0x1,0x1)", "/", ",Pci(0x1,0x1)", "/\\A.EFI", "/Pci(x)")) {
      String text = "Pci(0x1F,0x2)" + rest;
      assertArrayEquals(bytes("01010600021F"), bench.node(bench.from(NODE, text), text), text);
    }
    // And that which is converted is one node, whatever follows it.
    byte[] two = join(bytes("01010600021F"), bytes("0105080003000000"), END);
    String text = bench.text(bench.of(NODE, two, FALSE, FALSE), "the first of two nodes");
    assertArrayEquals(join(bytes("01010600021F"), END), bench.paths.madePath(bench.from(PATH, text), text), text);
  }

  @Test
  void longPathsAndTextsAreNotCutOff() {
    Bench bench = new Bench(texts());
    bench.nodeAgain(node(3, 10, 0xFFFF), true);
    for (byte[] node : List.of(file("n".repeat(32_000)), node(3, 24, 0x9000))) {
      bench.again(join(node, bytes("01010600021F"), END), true);
    }
    byte[][] many = new byte[2000][];
    for (int i = 0; i < many.length; i++) {
      many[i] = i % 100 == 99 ? MARK : bytes(i % 2 == 0 ? "02010C00D041030A01000000" : "03171000010000000000000000000000");
    }
    bench.again(join(join(many), END), true);
  }

  @Test
  void nothingIsNothing() {
    Bench bench = new Bench(texts());
    for (int function : new int[] {NODE, PATH}) {
      bench.paths.nothing(bench.paths.call(bench.toText, function, 0, 0, 0), "a text of nothing");
      bench.paths.nothing(bench.paths.call(bench.fromText, function, 0), "what no text means");
    }
  }

  @Test
  void withoutMemoryThereIsNothing() {
    Bench bench = new Bench(texts());
    bench.paths.empty(true);
    for (int function : new int[] {NODE, PATH}) {
      bench.paths.nothing(bench.of(function, join(bytes("01010600021F"), END), 0, 0), "a text");
      bench.paths.nothing(bench.from(function, "Pci(0x1,0x2)"), "what a text means");
    }
    bench.paths.empty(false);
    bench.works();
  }

  @Test
  void whatIsNoPathHasNoText() {
    Bench bench = new Bench(texts());
    bench.paths.noPaths().forEach((what, place) -> bench.paths.nothing(bench.paths.call(bench.toText, PATH, place, 0, 0), what));
    for (int length = 0; length < 4; length++) {
      bench.paths.nothing(bench.of(NODE, new byte[] {1, 1, (byte) length, 0}, 0, 0), "a node of " + length + " bytes");
    }
    long cut = bench.paths.placeLast((byte) 1, (byte) 1, (byte) 0xFF, (byte) 0xFF);
    for (long place : new long[] {cut, NOWHERE, FakeRam.BASE - 4, FakeRam.BASE + FakeRam.SIZE - 3, FakeRam.BASE + FakeRam.SIZE, -4}) {
      bench.paths.nothing(bench.paths.call(bench.toText, NODE, place, 0, 0), "a node at 0x" + Long.toHexString(place));
    }
    bench.works();
  }

  @Test
  void malformedTextsAreSomePathOrNone() {
    Bench bench = new Bench(texts());
    for (String text : MALFORMED) {
      String what = text.length() > 40 ? text.substring(0, 40) : text;
      long path = bench.from(PATH, text);
      if (path != 0) {
        bench.paths.madePath(path, what);
      }
      long node = bench.from(NODE, text);
      if (node != 0) {
        bench.node(node, what);
      }
    }
    bench.works();
  }

  @Test
  void whatIsNoTextMeansNothing() {
    Bench bench = new Bench(texts());
    byte[] unending = new byte[0x2000];
    Arrays.fill(unending, (byte) 'a');
    long end = FakeRam.BASE + FakeRam.SIZE;
    for (long place : new long[] {NOWHERE, FakeRam.BASE - 2, end, end - 2, end - 0x2000, -2}) {
      for (int function : new int[] {NODE, PATH}) {
        bench.paths.memory.write(end - unending.length, unending);
        bench.paths.nothing(bench.paths.call(bench.fromText, function, place), "a text at 0x" + Long.toHexString(place));
      }
    }
    bench.works();
  }
}
