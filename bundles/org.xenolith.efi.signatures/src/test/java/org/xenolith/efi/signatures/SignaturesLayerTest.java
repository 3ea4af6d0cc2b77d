// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.signatures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.Ucs2;
import org.xenolith.efi.signatures.ImageSigners.ImageSigner;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.EfiProgram;
import org.xenolith.testkit.efi.FakeFirmware;

/** Which files may be started, by the functions that a guest calls. Tools of others judge in the integration tests. */
class SignaturesLayerTest {
  private static final ImageSigner ROOT = ImageSigners.signer("root", 1, null);
  private static final ImageSigner ONE = ImageSigners.signer("one", 2, ROOT);
  private static final ImageSigner OTHER = ImageSigners.signer("other", 3, null);
  private static final byte[] PLAIN = EfiProgram.of("mov x0, #0\nret\n");
  private static final int SECURITY_DIRECTORY = 0x40 + 24 + 112 + 32;

  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final Map<String, byte[]> variables = new HashMap<>();
  /** What GetVariable answers instead of a variable. */
  private EfiStatus failing = EfiStatus.SUCCESS;
  private long security;
  private long earlier;
  private long room;
  private long path;

  @BeforeEach
  void begin() {
    firmware.room(4096); // the system table
    long services = firmware.room(256);
    firmware.memory().put64(firmware.systemTable() + 88, services);
    firmware.memory().put64(services + 72, firmware.guest(this::getVariable));
    SignaturesLayer layer = new SignaturesLayer();
    layer.begin(firmware);
    long handle = firmware.handles().handles(Protocol.SECURITY2).getFirst();
    security = firmware.handles().find(handle, Protocol.SECURITY2);
    earlier = firmware.handles().find(handle, Protocol.SECURITY);
    room = firmware.room(1 << 16);
    byte[] bytes = new DevicePath().node(DevicePath.MEDIA, 4, Ucs2.bytes("\\a.efi")).bytes();
    path = firmware.room(bytes.length);
    firmware.memory().write(path, bytes);
    variables.put("SecureBoot", new byte[] {1});
    variables.put("db", ImageSigners.list(ROOT));
  }

  private EfiStep getVariable(Call call) {
    if (failing != EfiStatus.SUCCESS) {
      return EfiStep.done(failing);
    }
    byte[] data = variables.get(firmware.memory().text(call.argument(0), 32));
    if (data == null) {
      return EfiStep.done(EfiStatus.NOT_FOUND);
    }
    boolean small = firmware.memory().get64(call.argument(3)) < data.length;
    firmware.memory().put64(call.argument(3), data.length);
    if (!small) {
      firmware.memory().write(call.argument(4), data);
    }
    return EfiStep.done(small ? EfiStatus.BUFFER_TOO_SMALL : EfiStatus.SUCCESS);
  }

  private EfiStatus judge(byte[] file) {
    firmware.memory().write(room, file);
    return EfiStatus.of(firmware.call(firmware.memory().get64(security), security, path, room, file.length, 0));
  }

  private void allowed(byte[] file) {
    assertEquals(EfiStatus.SUCCESS, judge(file), firmware.reports()::toString);
  }

  private void denied(String why, byte[] file) {
    int before = firmware.reports().size();
    assertEquals(EfiStatus.ACCESS_DENIED, judge(file), why);
    assertEquals(before + 1, firmware.reports().size());
    String said = firmware.reports().getLast();
    assertTrue(said.startsWith("efi-signatures: \\a.efi is not started, as Secure Boot is on: ") && said.contains(why), said);
  }

  private static byte[] put(byte[] file, int at, int value) {
    byte[] changed = file.clone();
    ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    return changed;
  }

  @Test
  void databaseAllowsWhoSigned() {
    int before = firmware.allocated();
    allowed(ImageSigners.signed(PLAIN, ONE));
    allowed(ImageSigners.signed(PLAIN, ROOT));
    allowed(ImageSigners.signed(PLAIN, OTHER, ONE));
    allowed(ImageSigners.with(PLAIN, ImageSigners.signature(ONE, Hash.SHA384, PLAIN)));
    allowed(ImageSigners.with(PLAIN, ImageSigners.signature(ONE, Hash.SHA512, PLAIN)));
    variables.put("db", ImageSigners.list(ONE));
    allowed(ImageSigners.signed(PLAIN, ONE));
    assertEquals(before, firmware.allocated());
  }

  private EfiStatus state() {
    return EfiStatus.of(firmware.call(firmware.memory().get64(earlier), earlier, 0, path));
  }

  @Test
  void whereVariablesHaveGoneWhileSecureBootWasOnNothingIsAllowed() {
    allowed(ImageSigners.signed(PLAIN, ONE));
    failing = EfiStatus.NOT_READY;
    for (int round = 0; round < 2; round++) {
      assertEquals(EfiStatus.ACCESS_DENIED, judge(PLAIN), "it would have been refused");
      assertEquals(EfiStatus.ACCESS_DENIED, judge(ImageSigners.signed(PLAIN, ONE)), "db can't be read");
      assertEquals(EfiStatus.ACCESS_DENIED, state());
    }
    assertTrue(firmware.reports().getLast().contains("variables"), firmware.reports().getLast());
    failing = EfiStatus.SUCCESS;
    allowed(ImageSigners.signed(PLAIN, ONE));
    denied("it isn't signed", PLAIN);
  }

  /** Whichever of the two protocols has seen it. */
  @Test
  void bothProtocolsRememberThatSecureBootWasOn() {
    assertEquals(EfiStatus.ACCESS_DENIED, state());
    failing = EfiStatus.NOT_READY;
    assertEquals(EfiStatus.ACCESS_DENIED, judge(PLAIN));
  }

  @Test
  void whereVariablesHaveNeverBeenOrSecureBootWasOffEverythingIsAllowed() {
    failing = EfiStatus.NOT_READY;
    allowed(PLAIN);
    assertEquals(EfiStatus.SUCCESS, state());
    failing = EfiStatus.SUCCESS;
    variables.put("SecureBoot", new byte[] {0});
    allowed(PLAIN);
    failing = EfiStatus.NOT_READY;
    allowed(PLAIN);
    assertEquals(EfiStatus.SUCCESS, state());
    failing = EfiStatus.SUCCESS;
    variables.remove("SecureBoot");
    allowed(PLAIN);
    failing = EfiStatus.NOT_READY;
    allowed(PLAIN);
  }

  /** It can't be known then. */
  @Test
  void whereSecureBootCouldNotBeReadAndVariablesHaveGoneNothingIsAllowed() {
    failing = EfiStatus.DEVICE_ERROR;
    assertEquals(EfiStatus.ACCESS_DENIED, judge(PLAIN));
    failing = EfiStatus.NOT_READY;
    assertEquals(EfiStatus.ACCESS_DENIED, judge(PLAIN));
    assertEquals(EfiStatus.ACCESS_DENIED, state());
  }

  @Test
  void nobodyElseIsAllowed() {
    denied("it isn't signed", PLAIN);
    denied("db has nobody of those who signed it, CN=other", ImageSigners.signed(PLAIN, OTHER));
    variables.put("db", ImageSigners.list(ONE));
    denied("CN=root", ImageSigners.signed(PLAIN, ROOT));
    variables.remove("db");
    denied("CN=one", ImageSigners.signed(PLAIN, ONE));
    variables.put("db", new byte[5]);
    denied("db has no signature lists", ImageSigners.signed(PLAIN, ONE));
  }

  @Test
  void anyByteThatIsLoadedCounts() {
    byte[] file = ImageSigners.signed(PLAIN, ONE);
    for (int at : new int[] {4, 0x40 + 8, 0x1000, PLAIN.length - 1}) {
      denied("it isn't the file that was signed", put(file, at - at % 4, 0x5A5A_5A5A));
    }
    allowed(put(file, 0x40 + 24 + 64, 7)); // the checksum
    denied("its signature isn't one", put(file, PLAIN.length + 300, 0x5A5A_5A5A));
  }

  @Test
  void hashesAllowAndForbid() {
    byte[] file = ImageSigners.signed(PLAIN, OTHER);
    for (Hash hash : Hash.values()) {
      variables.put("db", ImageSigners.list(hash.image, ImageSigners.digest(hash, PLAIN)));
      allowed(PLAIN);
      allowed(file);
      variables.put("dbx", variables.get("db"));
      denied("dbx has its " + hash, file);
      variables.remove("dbx");
    }
    variables.put("db", ImageSigners.list(Hash.SHA256.image, new byte[32]));
    denied(HexFormat.of().formatHex(ImageSigners.digest(Hash.SHA256, PLAIN)), PLAIN);
  }

  @Test
  void whoIsRevokedIsNotAllowed() throws Exception {
    byte[] file = ImageSigners.signed(PLAIN, ONE);
    byte[] two = ImageSigners.signed(PLAIN, ROOT, OTHER);
    for (ImageSigner each : List.of(ONE, ROOT)) {
      byte[] said = each.certificate().toASN1Structure().getTBSCertificate().getEncoded("DER");
      for (Hash hash : Hash.values()) {
        byte[] digest = hash.of(said);
        variables.put("dbx", ImageSigners.list(hash.certificate, Arrays.copyOf(digest, digest.length + 16)));
        denied("dbx has who signed it, CN=one", file);
      }
      variables.put("dbx", ImageSigners.list(each));
      denied("dbx has who signed it, CN=one", file);
    }
    variables.put("dbx", ImageSigners.list(OTHER));
    allowed(file);
    denied("dbx has who signed it, CN=other", two);
    variables.put("dbx", new byte[] {1});
    denied("dbx has no signature lists", file);
  }

  /** The one whose certificate is in db has been revoked, and the signature doesn't bring it. */
  @Test
  void anAnchorCanBeRevoked() throws Exception {
    ImageSigner alone = new ImageSigner("one", ONE.key(), ONE.certificate(), List.of(ONE.certificate()));
    allowed(ImageSigners.signed(PLAIN, alone));
    byte[] digest = Hash.SHA256.of(ROOT.certificate().toASN1Structure().getTBSCertificate().getEncoded("DER"));
    variables.put("dbx", ImageSigners.list(Hash.SHA256.certificate, Arrays.copyOf(digest, 48)));
    denied("CN=one", ImageSigners.signed(PLAIN, alone));
  }

  @Test
  void withoutSecureBootEverythingIs() {
    variables.put("SecureBoot", new byte[] {0});
    allowed(PLAIN);
    variables.remove("SecureBoot");
    allowed(new byte[3]);
    assertEquals(List.of(), firmware.reports());
    assertEquals(0, firmware.call(firmware.memory().get64(earlier), earlier, 0, path));
  }

  /** Whoever can't read SecureBoot doesn't know that it is off; a machine without variables hasn't turned it on. */
  @Test
  void aSecureBootThatIsNotReadIsNotOff() {
    for (EfiStatus none : List.of(EfiStatus.NOT_FOUND, EfiStatus.NOT_READY)) {
      assertEquals(EfiStatus.SUCCESS, judgeWhere(none));
      assertEquals(EfiStatus.SUCCESS, stateWhere(none));
      assertEquals(List.of(), firmware.reports());
    }
    for (EfiStatus failure : List.of(EfiStatus.DEVICE_ERROR, EfiStatus.UNSUPPORTED, EfiStatus.BUFFER_TOO_SMALL, EfiStatus.ABORTED)) {
      String report = "efi-signatures: SecureBoot can't be read: " + failure + "; no image is started until it can";
      firmware.reports().clear();
      assertEquals(EfiStatus.ACCESS_DENIED, judgeWhere(failure), failure::toString);
      assertEquals(EfiStatus.ACCESS_DENIED, stateWhere(failure), failure::toString);
      assertEquals(List.of(report, report), firmware.reports());
    }
    long services = firmware.memory().get64(firmware.systemTable() + 88);
    firmware.memory().put64(services + 72, firmware.guest(call -> EfiStep.done(0x4000_0000_0000_0001L)));
    assertEquals(EfiStatus.ACCESS_DENIED, judge(PLAIN), "a status that nobody knows");
    assertTrue(firmware.reports().getLast().contains("read: 0x4000000000000001;"), firmware.reports()::toString);
  }

  private EfiStatus judgeWhere(EfiStatus secureBoot) {
    firmware.faults().call(1, secureBoot);
    return judge(PLAIN);
  }

  private EfiStatus stateWhere(EfiStatus secureBoot) {
    firmware.faults().call(1, secureBoot);
    return EfiStatus.of(firmware.call(firmware.memory().get64(earlier), earlier, 0, path));
  }

  /** The path is for the report only: what was found out is said and reported without it. */
  @Test
  void aPathThatCannotBeReadIsReportedAsSuch() {
    firmware.memory().write(room, PLAIN);
    long function = firmware.memory().get64(security);
    assertEquals(EfiStatus.ACCESS_DENIED.code(), firmware.call(function, security, 8, room, PLAIN.length, 0));
    String said = firmware.reports().getLast();
    assertTrue(said.startsWith("efi-signatures: a file whose path can't be read is not started, as Secure Boot is on: "), said);
  }

  @Test
  void whatIsAskedWithoutAFile() {
    assertEquals(0, firmware.call(firmware.memory().get64(security), security, path, 0, 0, 0), "may a device be used");
    assertEquals(EfiStatus.ACCESS_DENIED.code(), firmware.call(firmware.memory().get64(security), security, 0, 0, 0, 0));
    assertEquals(EfiStatus.ACCESS_DENIED.code(), firmware.call(firmware.memory().get64(security), security, path, room, -1, 0));
    assertEquals(EfiStatus.INVALID_PARAMETER.code(), firmware.call(firmware.memory().get64(security), room, path, room, 64, 0));
    assertEquals(EfiStatus.INVALID_PARAMETER.code(), firmware.call(firmware.memory().get64(security), security, path, 8, 64, 0),
        "no memory there");
    assertEquals(EfiStatus.ACCESS_DENIED.code(), firmware.call(firmware.memory().get64(earlier), earlier, 0, path));
    assertEquals(EfiStatus.INVALID_PARAMETER.code(), firmware.call(firmware.memory().get64(earlier), earlier, 0, 0));
  }

  @Test
  void tablesThatMakeNoSenseAreRefused() {
    byte[] file = ImageSigners.signed(PLAIN, ONE);
    denied("isn't the end of the file", put(file, SECURITY_DIRECTORY, file.length));
    denied("isn't the end of the file", put(file, SECURITY_DIRECTORY, PLAIN.length - 8));
    denied("isn't the end of the file", put(file, SECURITY_DIRECTORY + 4, file.length - PLAIN.length + 8));
    denied("isn't the end of the file", put(file, SECURITY_DIRECTORY + 4, -1));
    denied("isn't the end of the file", Arrays.copyOf(file, file.length - 8));
    denied("isn't the end of the file", put(put(file, SECURITY_DIRECTORY, 0), SECURITY_DIRECTORY + 4, file.length));
    denied("a certificate has", put(file, PLAIN.length, 0x7FFF_FFF8));
    denied("a certificate has", put(file, PLAIN.length, 0));
    denied("it isn't signed", put(file, PLAIN.length + 4, 0x0009_0200));
    denied("behind the file", put(file, 0x40 + 24 + 160 + 20, file.length));
    denied("sections lie on one another", put(file, 0x40 + 24 + 160 + 20, 0x200));
    denied("its headers end at", put(file, 0x40 + 24 + 60, 0x80));
    denied("PE header", put(file, 60, -1));
    denied("data directories are cut off", put(file, 0x40 + 20, 0xF0_0078));
    denied("doesn't begin with MZ", new byte[70]);
  }

  @Test
  void nothingThatComesThrows() {
    byte[] good = ImageSigners.signed(PLAIN, ONE);
    Random random = new Random(18);
    for (int i = 0; i < 3000; i++) {
      byte[] bad = Arrays.copyOf(good, random.nextInt(4) == 0 ? 1 + random.nextInt(good.length - 1) : good.length);
      int from = random.nextBoolean() ? 0 : Math.min(PLAIN.length, bad.length - 1);
      for (int k = random.nextInt(4); k >= 0; k--) {
        int at = from + random.nextInt(Math.min(bad.length - from, from == 0 ? 0x200 : 1 << 12));
        bad[at] = (byte) random.nextInt();
      }
      assertNotEquals(null, judge(bad));
    }
    for (int length = good.length - 8; length > PLAIN.length + 8; length -= 7) {
      byte[] cut = put(Arrays.copyOf(good, length), SECURITY_DIRECTORY + 4, length - PLAIN.length);
      assertEquals(EfiStatus.ACCESS_DENIED, judge(ByteBuffer.wrap(cut).order(ByteOrder.LITTLE_ENDIAN).putInt(PLAIN.length, length
          - PLAIN.length).array()));
    }
  }
}
