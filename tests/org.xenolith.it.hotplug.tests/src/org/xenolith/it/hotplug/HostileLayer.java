// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.io.IOException;
import org.xenolith.it.guest.InstalledProduct;

/**
 * A version of the layer for bytes of a disk that is right, but for one function, in which it does what the system property {@link #PROPERTY} says: {@code FUNCTION WHAT}. WHAT is throw,
 * loop (Java that doesn't come back), wait (Java that waits, and heeds being interrupted), go (a step behind each step), pause (it always waits on).
 */
final class HostileLayer {
  static final String PROPERTY = "xenolith.test.hostile.layer";
  /** A system property that ends loops once it is set, so that they don't outlive a test. */
  static final String END = PROPERTY + ".end";
  static final String BUNDLE = "org.xenolith.efi.diskio";
  static final String VERSION = "1.0.9";
  private static final String SOURCE = """
      package org.xenolith.efi.diskio;
      import org.xenolith.efi.boot.api.*;
      import org.xenolith.efi.boot.kit.LayerModel;
      import org.xenolith.machine.api.*;
      public final class DiskIoComponent implements DeviceModelFactory {
        static volatile long spins;
        static final Object monitor = new Object();
        static <T extends Throwable> void sneak(Throwable t) throws T { @SuppressWarnings("unchecked") T as = (T) t; throw as; }
        static EfiStep hostile(Call call, String what) {
          switch (what) {
            case "throw" -> throw new IllegalStateException("hostile");
            case "loop" -> { while (System.getProperty("xenolith.test.hostile.layer.end") == null) { spins++; } }
            case "wait" -> { synchronized (monitor) { try { monitor.wait(); } catch (InterruptedException e) { sneak(e); } } }
            case "go" -> { return new EfiStep.Go(1); }
            case "pause" -> { return new EfiStep.Wait(1, call.firmware().after(1000)); }
            default -> throw new IllegalArgumentException(what);
          }
          return EfiStep.done();
        }
        public ModelDescription description() { return new ModelDescription("hostile", "hostile", "none"); }
        public DeviceModel create(DeviceContext context) {
          EfiLayer right = new DiskIoLayer();
          return new LayerModel(context, new EfiLayer() {
            public String name() { return right.name(); }
            public int version() { return right.version(); }
            public void begin(Firmware firmware) { right.begin(firmware); }
            public EfiFunction function(String name) {
              String[] wanted = System.getProperty("xenolith.test.hostile.layer", "").split(" ");
              return wanted[0].equals(name) ? call -> hostile(call, wanted[1]) : right.function(name);
            }
          });
        }
      }
      """;

  private HostileLayer() {}

  /** The jar. */
  static byte[] jar() throws IOException {
    return JarCompiler.with(InstalledProduct.get().jar(BUNDLE), BUNDLE + ".DiskIoComponent", SOURCE).version(VERSION).bytes();
  }
}
