// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.efi.variables.Signers.time;
import static org.xenolith.efi.variables.StoreStand.APPEND;
import static org.xenolith.efi.variables.StoreStand.TIMED;

import java.io.IOException;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.variables.Signers.Signer;

/** Time-based authenticated variables, clause by clause of UEFI 2.10, 8.2.6 and 32.3. */
class SecureVariablesTest {
  private static final String SHA256 = "c1c41626-504c-4092-aca9-41f936934328";
  private static final VariableName PK = VariableName.global("PK");
  private static final VariableName KEK = VariableName.global("KEK");
  private static final VariableName DB = new VariableName("db", EfiGuid.IMAGE_SECURITY_DATABASE);
  private static final VariableName DBX = new VariableName("dbx", EfiGuid.IMAGE_SECURITY_DATABASE);
  private static final VariableName PRIVATE = new VariableName("Mine", EfiGuid.of("11111111-2222-3333-4444-123456789abc"));

  private static final Signer PLATFORM = Signers.root("Platform", 1);
  private static final Signer EXCHANGE = Signers.root("Exchange", 2);
  private static final Signer OTHER = Signers.root("Other", 3);
  private static final Signer MIDDLE = Signers.issued("Middle", 4, EXCHANGE, true);
  private static final Signer VENDOR = Signers.issued("Vendor", 5, MIDDLE, false);

  private final StoreStand stand = new StoreStand(new StorePolicy(32 << 10, 64 << 10, 128 << 10, 0, true, false));

  private EfiStatus write(Signer signer, VariableName name, int attributes, int second, byte[] payload) {
    return stand.store.setVariable(name, attributes, Signers.write(signer, name, attributes, time(second), payload));
  }

  private void enroll() {
    assertEquals(EfiStatus.SUCCESS, write(null, DB, TIMED, 1, Signers.list(OTHER)), "anybody may, in setup mode");
    assertEquals(EfiStatus.SUCCESS, write(null, KEK, TIMED, 1, Signers.list(EXCHANGE)));
    assertEquals(EfiStatus.SUCCESS, write(PLATFORM, PK, TIMED, 1, Signers.list(PLATFORM)));
  }

  private byte[] data(VariableName name) {
    return stand.store.getVariable(name, -1).data();
  }

  private static byte[] hash(int value) {
    byte[] hash = new byte[32];
    Arrays.fill(hash, (byte) value);
    return hash;
  }

  @Test
  void platformKeyEndsSetupModeAndItsDeletionBringsItBack() {
    assertEquals("[1]", stand.get("SetupMode"));
    assertEquals("[0]", stand.get("SecureBoot"));
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(null, PK, TIMED, 1, Signers.list(PLATFORM)), "it signs itself");
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(OTHER, PK, TIMED, 1, Signers.list(PLATFORM)));
    enroll();
    assertEquals("[0]", stand.get("SetupMode"));
    assertEquals("[1]", stand.get("SecureBoot"));
    assertArrayEquals(Signers.list(PLATFORM), data(PK));
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(OTHER, PK, TIMED, 2, new byte[0]));
    assertEquals(EfiStatus.SUCCESS, write(PLATFORM, PK, TIMED, 2, new byte[0]));
    assertEquals("[1]", stand.get("SetupMode"));
    assertEquals("[0]", stand.get("SecureBoot"));
    assertEquals(EfiStatus.SUCCESS, write(null, KEK, TIMED, 3, Signers.list(OTHER)));
  }

  @Test
  void secureBootStaysAtRunTimeAndFollowsAfterAReset() {
    enroll();
    stand.store.exitBootServices();
    assertEquals(EfiStatus.SUCCESS, write(PLATFORM, PK, TIMED, 2, new byte[0]));
    assertEquals("[1]", stand.get("SetupMode"));
    assertEquals("[1]", stand.get("SecureBoot"), "what was verified was verified");
    stand.reset();
    assertEquals("[0]", stand.get("SecureBoot"));
    StoreStand lax = new StoreStand();
    lax.kept = stand.kept;
    lax.kept.with(new StoredVariable(PK, TIMED, Signers.list(PLATFORM), time(1), new byte[0]));
    lax.reset();
    assertEquals("[0]", lax.get("SetupMode"));
    assertEquals("[0]", lax.get("SecureBoot"), "firmware that verifies nothing doesn't say that it does");
    lax.store.verifiesImages(true);
    assertEquals("[1]", lax.get("SecureBoot"));
    lax.store.verifiesImages(false);
    assertEquals("[0]", lax.get("SecureBoot"));
    lax.store.verifiesImages(true);
    lax.reset();
    assertEquals("[0]", lax.get("SecureBoot"), "nobody has said it since");
  }

  @Test
  void newPlatformKeyIsTheOldOnesToSet() {
    enroll();
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(OTHER, PK, TIMED, 2, Signers.list(OTHER)), "signing itself is for setup mode");
    assertEquals(EfiStatus.SUCCESS, write(PLATFORM, PK, TIMED, 2, Signers.list(OTHER)));
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(PLATFORM, KEK, TIMED, 3, Signers.list(OTHER)));
    assertEquals(EfiStatus.SUCCESS, write(OTHER, KEK, TIMED, 3, Signers.list(OTHER)));
  }

  @Test
  void platformKeyIsOneCertificate() {
    byte[] two = Arrays.copyOf(Signers.list(PLATFORM), 2 * Signers.list(PLATFORM).length);
    System.arraycopy(Signers.list(PLATFORM), 0, two, two.length / 2, two.length / 2);
    assertEquals(EfiStatus.INVALID_PARAMETER, write(PLATFORM, PK, TIMED, 1, two));
    enroll();
    assertEquals(EfiStatus.INVALID_PARAMETER, write(PLATFORM, PK, TIMED | APPEND, 2, Signers.list(OTHER)));
    assertEquals(EfiStatus.INVALID_PARAMETER, write(PLATFORM, PK, TIMED, 2, Signers.list(SHA256, hash(1))));
    assertArrayEquals(Signers.list(PLATFORM), data(PK));
  }

  @Test
  void unsignedAndForeignWritesToThePolicyAreRefused() {
    enroll();
    for (VariableName name : List.of(PK, KEK, DB, DBX)) {
      assertEquals(EfiStatus.SECURITY_VIOLATION, write(null, name, TIMED, 5, Signers.list(OTHER)), name + " unsigned");
      assertEquals(EfiStatus.SECURITY_VIOLATION, write(OTHER, name, TIMED, 5, Signers.list(OTHER)), name + " by somebody else");
      assertEquals(EfiStatus.INVALID_PARAMETER, stand.store.setVariable(name, 7, Signers.list(OTHER)), name + " without authentication");
      assertEquals(EfiStatus.INVALID_PARAMETER, stand.store.setVariable(name, 0, new byte[0]), name + " deleted just so");
      assertEquals(EfiStatus.SECURITY_VIOLATION, stand.store.setVariable(name, TIMED, new byte[0]), name + " without a descriptor");
      assertEquals(EfiStatus.INVALID_PARAMETER, write(PLATFORM, name, 0x26, 5, Signers.list(OTHER)), name + " volatile");
    }
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(EXCHANGE, KEK, TIMED, 5, Signers.list(OTHER)), "KEK is PK's");
    assertArrayEquals(Signers.list(EXCHANGE), data(KEK));
    assertEquals("NOT_FOUND", stand.get(DBX));
  }

  @Test
  void databasesAreTheExchangeKeysAndThePlatformKeys() {
    enroll();
    assertEquals(EfiStatus.SUCCESS, write(EXCHANGE, DB, TIMED, 2, Signers.list(EXCHANGE)));
    assertEquals(EfiStatus.SUCCESS, write(PLATFORM, DB, TIMED, 3, Signers.list(PLATFORM)));
    assertEquals(EfiStatus.SUCCESS, write(VENDOR, DB, TIMED, 4, Signers.list(VENDOR)), "by way of the certificate between");
    assertEquals(EfiStatus.SECURITY_VIOLATION, stand.store.setVariable(DB, TIMED, Signers.descriptor(time(5),
        Signers.sign(VENDOR, new AuthenticatedData(time(5), new byte[0], new byte[0]).signed(DB, TIMED), "SHA256withRSA", true,
            List.of(VENDOR.certificate())), new byte[0])), "the one between is missing");
    Signer pupil = Signers.issued("Pupil", 6, VENDOR, false);
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(pupil, DB, TIMED, 5, Signers.list(OTHER)), "Vendor may not issue certificates");
    assertArrayEquals(Signers.list(VENDOR), data(DB));
    assertEquals(EfiStatus.SUCCESS, write(EXCHANGE, DB, TIMED, 6, new byte[0]));
    assertEquals("NOT_FOUND", stand.get(DB));
    assertEquals(EfiStatus.NOT_FOUND, write(EXCHANGE, DB, TIMED, 7, new byte[0]));
  }

  @Test
  void replayedAndEarlierTimesAreRefused() {
    enroll();
    byte[] first = Signers.write(EXCHANGE, DB, TIMED, time(10), Signers.list(EXCHANGE));
    assertEquals(EfiStatus.SUCCESS, stand.store.setVariable(DB, TIMED, first));
    assertEquals(EfiStatus.SECURITY_VIOLATION, stand.store.setVariable(DB, TIMED, first), "the same once more");
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(EXCHANGE, DB, TIMED, 9, Signers.list(OTHER)));
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(EXCHANGE, DB, TIMED, 9, new byte[0]), "a deletion, too");
    assertEquals(EfiStatus.SUCCESS, write(EXCHANGE, DB, TIMED, 11, Signers.list(OTHER)));
    stand.reset();
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(EXCHANGE, DB, TIMED, 11, Signers.list(EXCHANGE)), "times outlive resets");
  }

  @Test
  void appendingToDbxAddsWhatIsNewAndKeepsTheLaterTime() {
    enroll();
    assertEquals(EfiStatus.SUCCESS, write(EXCHANGE, DBX, TIMED | APPEND, 10, Signers.list(SHA256, hash(1))), "appending makes it");
    assertEquals(EfiStatus.SUCCESS, write(EXCHANGE, DBX, TIMED | APPEND, 5, Signers.list(SHA256, hash(1), hash(2))), "an earlier time may");
    byte[] both = data(DBX);
    byte[] expected = Arrays.copyOf(Signers.list(SHA256, hash(1)), 2 * (28 + 48));
    System.arraycopy(Signers.list(SHA256, hash(2)), 0, expected, 28 + 48, 28 + 48);
    assertArrayEquals(expected, both, "hash 1 is there once");
    byte[] replayed = Signers.write(EXCHANGE, DBX, TIMED | APPEND, time(5), Signers.list(SHA256, hash(1), hash(2)));
    assertEquals(EfiStatus.SUCCESS, stand.store.setVariable(DBX, TIMED | APPEND, replayed));
    assertArrayEquals(both, data(DBX), "a replay adds nothing");
    assertEquals(EfiStatus.SECURITY_VIOLATION, stand.store.setVariable(DBX, TIMED, replayed), "append is signed, too");
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(EXCHANGE, DBX, TIMED, 10, Signers.list(SHA256, hash(3))), "its time is the later one");
    assertEquals(TIMED, stand.store.getVariable(DBX, -1).attributes());
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(OTHER, DBX, TIMED | APPEND, 20, Signers.list(SHA256, hash(4))));
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(null, DBX, TIMED | APPEND, 20, Signers.list(SHA256, hash(4))));
    assertEquals(EfiStatus.SUCCESS, write(EXCHANGE, DBX, TIMED | APPEND, 20, new byte[0]));
    assertArrayEquals(both, data(DBX));
  }

  @Test
  void listsThatAreNoneAreRefused() {
    byte[] good = Signers.list(SHA256, hash(1));
    for (byte[] bad : List.of(new byte[] {1}, Arrays.copyOf(good, good.length - 1), Arrays.copyOf(good, good.length + 1),
        Signers.list("11111111-2222-3333-4444-123456789abc", hash(1)), Signers.list(SHA256, new byte[31]), Arrays.copyOf(good, 28))) {
      assertEquals(EfiStatus.INVALID_PARAMETER, write(null, DBX, TIMED, 1, bad), Arrays.toString(bad));
    }
    byte[] header = good.clone();
    header[20] = 1;
    assertEquals(EfiStatus.INVALID_PARAMETER, write(null, DBX, TIMED, 1, header));
    enroll();
    assertEquals(EfiStatus.INVALID_PARAMETER, write(EXCHANGE, DBX, TIMED, 2, Arrays.copyOf(good, good.length - 1)));
  }

  @Test
  void privateVariableIsWhoeverMadeItsAndNobodyElses() {
    enroll();
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(null, PRIVATE, TIMED, 1, new byte[] {1}));
    assertEquals(EfiStatus.SUCCESS, write(VENDOR, PRIVATE, TIMED, 1, new byte[] {1}));
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(OTHER, PRIVATE, TIMED, 2, new byte[] {2}));
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(PLATFORM, PRIVATE, TIMED, 2, new byte[] {2}), "not even the platform's");
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(VENDOR, PRIVATE, TIMED, 1, new byte[] {2}), "replayed");
    assertEquals(EfiStatus.WRITE_PROTECTED, stand.store.setVariable(PRIVATE, 0, new byte[0]), "without a signature");
    assertEquals(EfiStatus.INVALID_PARAMETER, stand.store.setVariable(PRIVATE, 7, new byte[] {3}));
    assertEquals(EfiStatus.SECURITY_VIOLATION, stand.store.setVariable(PRIVATE, TIMED, new byte[0]));
    assertEquals("[1]", stand.get(PRIVATE));
    stand.reset();
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(OTHER, PRIVATE, TIMED, 2, new byte[] {2}), "who made it outlives resets");
    assertEquals(EfiStatus.SUCCESS, write(VENDOR, PRIVATE, TIMED | APPEND, 2, new byte[] {2}));
    assertEquals("[1, 2]", stand.get(PRIVATE));
    // A new key with the same name and authority is the same signer.
    Signer renewed = Signers.issued("Vendor", 7, MIDDLE, false);
    assertEquals(EfiStatus.SUCCESS, write(renewed, PRIVATE, TIMED, 3, new byte[] {3}));
    Signer sameAuthority = Signers.issued("Vendor2", 7, MIDDLE, false);
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(sameAuthority, PRIVATE, TIMED, 4, new byte[] {4}));
    assertEquals(EfiStatus.SUCCESS, write(VENDOR, PRIVATE, TIMED, 5, new byte[0]));
    assertEquals("NOT_FOUND", stand.get(PRIVATE));
    assertEquals(EfiStatus.SUCCESS, write(OTHER, PRIVATE, TIMED, 1, new byte[] {5}), "made anew it is somebody else's");
  }

  @Test
  void noAccessDeletesIfItIsSigned() {
    enroll();
    write(VENDOR, PRIVATE, TIMED, 1, new byte[] {1});
    assertEquals(EfiStatus.SECURITY_VIOLATION, write(OTHER, PRIVATE, 0x20, 2, new byte[] {1}));
    assertEquals(EfiStatus.SUCCESS, write(VENDOR, PRIVATE, 0x20, 2, new byte[] {1}));
    assertEquals("NOT_FOUND", stand.get(PRIVATE));
  }

  @Test
  void everySignedByteCounts() {
    enroll();
    byte[] payload = Signers.list(SHA256, hash(1));
    byte[] data = Signers.write(EXCHANGE, DBX, TIMED, time(5), payload);
    assertEquals(EfiStatus.SECURITY_VIOLATION, stand.store.setVariable(new VariableName("dbt", DBX.vendor()), TIMED, data), "name");
    assertEquals(EfiStatus.SECURITY_VIOLATION, stand.store.setVariable(DBX, 0x23, data), "attributes");
    for (int at : new int[] {0, 6, data.length - 1, data.length - 40}) {
      byte[] other = data.clone();
      other[at] ^= 1;
      assertEquals(EfiStatus.SECURITY_VIOLATION, stand.store.setVariable(DBX, TIMED, other), "byte " + at);
    }
    assertEquals(EfiStatus.SUCCESS, stand.store.setVariable(DBX, TIMED, data));
  }

  @Test
  void descriptorsThatAreNoneAreRefused() {
    byte[] payload = Signers.list(SHA256, hash(1));
    byte[] good = Signers.write(null, DBX, TIMED, time(5), payload);
    for (int at : new int[] {7, 8, 11, 12, 14, 15, 20, 22, 24, 39}) {
      byte[] bad = good.clone();
      bad[at] ^= 1;
      assertEquals(EfiStatus.SECURITY_VIOLATION, stand.store.setVariable(DBX, TIMED, bad), "byte " + at + ": pads, nanoseconds, zone, "
          + "daylight, revision, type, kind of certificate");
    }
    for (int length : new int[] {0, 23, payload.length + 25, -1}) {
      byte[] bad = good.clone();
      for (int i = 0; i < 4; i++) {
        bad[16 + i] = (byte) (length >> 8 * i);
      }
      assertEquals(EfiStatus.SECURITY_VIOLATION, stand.store.setVariable(DBX, TIMED, bad), "length " + length);
    }
    assertEquals(EfiStatus.SECURITY_VIOLATION, stand.store.setVariable(DBX, TIMED, Arrays.copyOf(good, 39)));
    assertEquals(EfiStatus.SUCCESS, stand.store.setVariable(DBX, TIMED, good));
  }

  @Test
  void formsOfSignaturesThatToolsMakeAreTaken() {
    enroll();
    byte[] payload = Signers.list(SHA256, hash(1));
    int second = 10;
    for (boolean direct : new boolean[] {true, false}) {
      for (String algorithm : List.of("SHA256withRSA", "SHA384withRSA", "SHA512withRSA")) {
        for (boolean bare : new boolean[] {true, false}) {
          EfiTime time = time(second++);
          byte[] signature = Signers.sign(EXCHANGE, new AuthenticatedData(time, new byte[0], payload).signed(DBX, TIMED), algorithm, direct,
              EXCHANGE.chain());
          assertEquals(EfiStatus.SUCCESS, stand.store.setVariable(DBX, TIMED,
              Signers.descriptor(time, bare ? Signers.bare(signature) : signature, payload)),
              algorithm + " direct " + direct + " bare " + bare);
        }
      }
      EfiTime time = time(second++);
      byte[] weak = Signers.sign(EXCHANGE, new AuthenticatedData(time, new byte[0], payload).signed(DBX, TIMED), "SHA1withRSA", direct,
          EXCHANGE.chain());
      assertEquals(EfiStatus.SECURITY_VIOLATION, stand.store.setVariable(DBX, TIMED, Signers.descriptor(time, weak, payload)), "SHA-1");
    }
  }

  @Test
  void datesOfCertificatesDontMatter() {
    Signer expired = Signers.root("Expired", EXCHANGE.key(), new Date(0));
    Signer future = Signers.root("Future", EXCHANGE.key(), new Date(4_102_444_800_000L));
    for (Signer signer : List.of(expired, future)) {
      byte[] content = {1, 2, 3};
      for (boolean direct : new boolean[] {true, false}) {
        SignedUpdate signed = SignedUpdate.verify(Signers.sign(signer, content, "SHA256withRSA", direct, signer.chain()), content);
        assertTrue(signed != null && signed.chainsTo(List.of(encoded(signer))), signer.certificate().getSubject().toString());
        assertFalse(signed.chainsTo(List.of(encoded(OTHER), new byte[] {0x30})));
      }
    }
  }

  private static byte[] encoded(Signer signer) {
    try {
      return signer.certificate().getEncoded();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Whatever a guest makes up isn't a signature, and nothing is thrown. */
  @Test
  void damagedSignaturesAreRefusedWithoutAnException() {
    byte[] content = {1, 2, 3};
    byte[] good = Signers.sign(VENDOR, content);
    assertTrue(SignedUpdate.verify(good, content) != null);
    Random random = new Random(1);
    int stillGood = 0;
    for (int i = 0; i < 1500; i++) {
      byte[] bad = i % 3 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
      for (int hits = random.nextInt(4); hits >= 0 && bad.length > 0; hits--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
      }
      SignedUpdate update = SignedUpdate.verify(bad, content);
      stillGood += update != null ? 1 : 0;
      if (update != null) {
        update.fingerprint();
        update.chainsTo(List.of(encoded(EXCHANGE)));
      }
    }
    assertTrue(stillGood < 1500, "bytes of other certificates aren't in the signature: " + stillGood);
    byte[] deep = new byte[60_000];
    for (int i = 0; i < deep.length; i += 2) {
      deep[i] = 0x30;
      deep[i + 1] = (byte) 0x80;
    }
    assertEquals(null, SignedUpdate.verify(deep, content));
    assertEquals(null, SignedUpdate.verify(new byte[0], content));
  }
}
