package org.xenolith.hyp.build.arm.dt;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A plain arm64 kernel (Linux, {@code Documentation/arch/arm64/booting.rst}, section 4).
 *
 * @param file       the whole file
 * @param textOffset distance from a base of 2 MiB alignment, in bytes
 * @param size       memory that it takes from there on, zeroed data included, in bytes
 */
record KernelImage(byte[] file, long textOffset, long size) {
    private static final int HEADER = 64;
    private static final int TEXT_OFFSET_AT = 8;
    private static final int SIZE_AT = 16;
    private static final int MAGIC_AT = 56;
    /** "ARM" and 0x64. */
    private static final int MAGIC = 0x644d_5241;
    private static final long MOST = 1L << 32;

    /** @throws IllegalArgumentException if it is no such kernel */
    static KernelImage of(byte[] file) {
        ByteBuffer words = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        if (file.length < HEADER || words.getInt(MAGIC_AT) != MAGIC) {
            throw new IllegalArgumentException("the kernel: expected a plain arm64 Image, got " + file.length
                    + " bytes without its magic; unpack it, or take arch/arm64/boot/Image");
        }
        long textOffset = words.getLong(TEXT_OFFSET_AT);
        long size = Math.max(words.getLong(SIZE_AT), file.length);
        if (textOffset < 0 || textOffset >= MOST || size >= MOST || textOffset % 4 != 0) {
            throw new IllegalArgumentException("the kernel's header is damaged: text_offset 0x"
                    + Long.toHexString(textOffset) + ", image_size 0x" + Long.toHexString(size));
        }
        return new KernelImage(file, textOffset, size);
    }
}
