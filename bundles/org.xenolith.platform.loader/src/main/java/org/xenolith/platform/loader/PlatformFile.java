package org.xenolith.platform.loader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtReader;
import org.xenolith.platform.api.PlatformException;

/**
 * The bytes of a platform's file and what kind they are.
 *
 * @param file  where they come from, for messages
 * @param bytes the content
 */
record PlatformFile(Path file, byte[] bytes) {
    /** The largest tree in use has 300 KB, its topology file a few MB. */
    private static final long LARGEST = 64L << 20;
    private static final byte[] DTB_MAGIC = {(byte) 0xd0, 0x0d, (byte) 0xfe, (byte) 0xed};

    static PlatformFile read(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new PlatformException(file + " is a folder; give a .dtb or a .platform file");
            }
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new PlatformException(file + " is a device, a pipe or a socket; give a .dtb or a .platform file");
            }
            if (Files.size(file) > LARGEST) {
                throw new PlatformException(file + " has more than " + (LARGEST >> 20)
                        + " MiB; give a .dtb or a .platform file");
            }
            return new PlatformFile(file, Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new PlatformException(file + " doesn't exist; check the path", e);
        } catch (IOException e) {
            throw new PlatformException(file + " can't be read: " + e.getMessage() + "; check its permissions", e);
        }
    }

    static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new PlatformException(file + " can't be written: " + e + "; check folder and permissions", e);
        }
    }

    boolean isTree() {
        return startsWith(DTB_MAGIC);
    }

    /** The tree of a devicetree blob. */
    Fdt tree() {
        try {
            return FdtReader.read(bytes);
        } catch (FdtException e) {
            throw new PlatformException(file + ": " + e.getMessage(), e);
        }
    }

    /** The file's name without its ending: how a platform without a name of its own is called. */
    String platformName() {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? name : name.substring(0, dot);
    }

    private boolean startsWith(byte[] magic) {
        return bytes.length >= magic.length
                && java.util.Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
    }
}
