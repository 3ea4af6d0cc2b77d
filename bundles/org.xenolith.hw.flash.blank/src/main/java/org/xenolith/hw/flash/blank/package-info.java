/** Flash memory that nothing was written to. */
package org.xenolith.hw.flash.blank;
