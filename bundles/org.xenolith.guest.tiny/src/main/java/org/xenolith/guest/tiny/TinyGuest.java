// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.tiny;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import org.xenolith.boot.api.Availability;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.boot.api.Provenance;

/** The guest that is always there: made on the spot, needs no network and no file. */
public class TinyGuest implements GuestSource {
  @Override
  public String name() {
    return "tiny";
  }

  @Override
  public String description() {
    return "a bare-metal program made by Xenolith's assembler: console, timer, interrupts, power-off";
  }

  @Override
  public Availability availability() {
    return Availability.ready("made by this program");
  }

  @Override
  public GuestImage obtain(ProgressListener progress, GuestRequest request) {
    byte[] image = TinyImage.assemble();
    return new GuestImage(name(), image, Optional.empty(), "", List.of(new Provenance("tiny", "xenolith", sha256(image))), Optional
        .empty());
  }

  private static String sha256(byte[] data) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
