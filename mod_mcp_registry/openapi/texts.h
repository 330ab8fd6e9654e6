/*
 * The documents of this folder as the build embeds them (embed.awk), parts brought in.
 */
#ifndef MCPR_OPENAPI_TEXTS_H
#define MCPR_OPENAPI_TEXTS_H

extern const char mcpr_text_consumer_yaml[], mcpr_text_server_yaml[], mcpr_text_root_html[];

#endif
