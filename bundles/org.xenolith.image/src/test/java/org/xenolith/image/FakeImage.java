// SPDX-License-Identifier: EPL-2.0
package org.xenolith.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.xenolith.boot.api.Availability;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.ImagePlan;
import org.xenolith.boot.api.ImageRequest;
import org.xenolith.boot.api.ImageSource;
import org.xenolith.boot.api.ProgressListener;

/** An image whose key is its number and size. */
final class FakeImage implements ImageSource {
  static final long USUAL = 3 << 20;
  /** Bytes that the host is told to need. */
  long content = 1;

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public String description() {
    return "an image of nothing";
  }

  @Override
  public Availability availability() {
    return Availability.fetchable("it can be had.");
  }

  @Override
  public ImagePlan plan(ImageRequest request) {
    if (request.packages().contains("unknown")) {
      throw new BootException("there is no package unknown");
    }
    return plan(request.packages().size(), request.size().orElse(USUAL));
  }

  ImagePlan plan(int number, long size) {
    return new ImagePlan() {
      @Override
      public String key() {
        return "%016x%048x".formatted(number + 16 * size, 0);
      }

      @Override
      public long size() {
        return size;
      }

      @Override
      public long contentSize() {
        return content;
      }

      @Override
      public long memory() {
        return 64 << 20;
      }

      @Override
      public GuestImage prepare(Path file, ProgressListener progress) {
        return new GuestImage("fake", new byte[1], Optional.empty(), "", List.of(), Optional.empty());
      }
    };
  }
}
