/** The GICv3's interrupt translation service: messages of bus masters become LPIs. */
package org.xenolith.hw.its;
