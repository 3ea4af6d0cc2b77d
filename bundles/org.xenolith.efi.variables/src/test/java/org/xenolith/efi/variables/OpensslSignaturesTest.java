// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.VariableName;

/**
 * Appends to dbx that somebody else's tool has signed: OpenSSL 3.0.19, as sign-efi-sig-list calls it ({@code openssl smime -sign -binary
 * -noattr -md sha256 -outform DER}), as {@code openssl cms -sign} does it with signed attributes and SHA-512, and with a key on the curve
 * P-256. Only the descriptor before and the list behind were put there by hand.
 */
class OpensslSignaturesTest {
  private static final int APPEND = 0x67;
  private static final VariableName DBX = new VariableName("dbx", EfiGuid.IMAGE_SECURITY_DATABASE);

  private static byte[] bytes(String name) {
    try (InputStream in = OpensslSignaturesTest.class.getResourceAsStream(name + ".hex")) {
      return HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).replace("\n", ""));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static StoreStand stand(String certificate) {
    StoreStand stand = new StoreStand();
    for (VariableName name : List.of(VariableName.global("PK"), VariableName.global("KEK"))) {
      stand.kept.with(new StoredVariable(name, StoreStand.TIMED, Signers.list("a5c059a1-94e4-4aa7-87b5-ab155c2bf072", bytes(certificate)),
          Signers.time(0), new byte[0]));
    }
    stand.reset();
    return stand;
  }

  @Test
  void signaturesOfOpensslAreTakenFromTheirSignerOnly() {
    for (String[] pair : new String[][] {{"openssl-smime-rsa-sha256", "rsa-certificate", "ec-certificate"},
        {"openssl-cms-rsa-sha512", "rsa-certificate", "ec-certificate"},
        {"openssl-smime-ec-sha256", "ec-certificate", "rsa-certificate"}}) {
      byte[] data = bytes(pair[0]);
      assertEquals(EfiStatus.SUCCESS, stand(pair[1]).store.setVariable(DBX, APPEND, data), pair[0]);
      assertEquals(EfiStatus.SECURITY_VIOLATION, stand(pair[2]).store.setVariable(DBX, APPEND, data), pair[0] + " by another one");
      assertEquals(EfiStatus.SECURITY_VIOLATION, stand(pair[1]).store.setVariable(DBX, 0x27, data), pair[0] + " without append");
      byte[] other = data.clone();
      other[other.length - 1] ^= 1;
      assertEquals(EfiStatus.SECURITY_VIOLATION, stand(pair[1]).store.setVariable(DBX, APPEND, other), pair[0] + " with another hash");
    }
  }

  @Test
  void whatIsAppendedIsTheList() {
    StoreStand stand = stand("rsa-certificate");
    stand.store.setVariable(DBX, APPEND, bytes("openssl-smime-rsa-sha256"));
    byte[] list = stand.store.getVariable(DBX, -1).data();
    byte[] hash = new byte[32];
    Arrays.fill(hash, (byte) 0x80);
    assertTrue(Arrays.equals(Signers.list("c1c41626-504c-4092-aca9-41f936934328", hash), list), Arrays.toString(list));
  }

  /**
   * Which providers a host's Java platform has, and in which order, makes no difference: it may have none. The keys are used here only, as
   * BouncyCastle remembers those that it has looked at.
   */
  @Test
  void noProviderOfTheJavaPlatformIsAsked() {
    Provider[] providers = Security.getProviders();
    try {
      for (Provider provider : providers) {
        Security.removeProvider(provider.getName());
      }
      for (String[] pair : new String[][] {{"openssl-smime-once", "once-certificate"}, {"openssl-smime-ec-sha256", "ec-certificate"}}) {
        StoreStand stand = stand(pair[1]);
        assertEquals(EfiStatus.SUCCESS, stand.store.setVariable(DBX, APPEND, bytes(pair[0])), pair[0]);
        byte[] data = bytes(pair[0]);
        assertTrue(SignedUpdate.verify(AuthenticatedData.parse(data).signature(), AuthenticatedData.parse(data).signed(DBX, APPEND))
            .fingerprint() != null);
      }
    } finally {
      for (Provider provider : providers) {
        Security.addProvider(provider);
      }
    }
    assertArrayEquals(providers, Security.getProviders());
  }
}
