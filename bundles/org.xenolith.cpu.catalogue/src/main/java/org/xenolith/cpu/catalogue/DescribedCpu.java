// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.catalogue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.xenolith.command.api.HostReason;
import org.xenolith.cpu.api.CpuDescription;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.BundleFiles;

/**
 * A CPU that a file of a bundle describes.
 *
 * @param bundle  the bundle's name
 * @param file    the file's path in it
 * @param entries finds a file of the bundle; null for none
 */
record DescribedCpu(String bundle, String file, Function<String, URL> entries) implements CpuDescription {
  static final String SUFFIX = ".cpu";

  @Override
  public String name() {
    return file.substring(file.lastIndexOf('/') + 1).replaceFirst("\\.cpu$", "");
  }

  @Override
  public String place() {
    return bundle + '/' + file;
  }

  @Override
  public String text() {
    URL entry = entries.apply(file);
    if (entry == null) {
      throw new ModelException(place() + " doesn't exist; correct the bundle's manifest (Provide-Capability: " + NAME + ";"
          + BundleFiles.FILE + "=\"PATH\")");
    }
    try (InputStream in = entry.openStream()) {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(in.readAllBytes())).toString();
    } catch (CharacterCodingException e) {
      throw new ModelException(place() + " is no text in UTF-8; write it anew");
    } catch (IOException e) {
      throw new ModelException(place() + " can't be read: " + HostReason.of(e).text() + "; build the bundle again");
    }
  }
}
