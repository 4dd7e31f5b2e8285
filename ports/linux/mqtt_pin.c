#include "linux/mqtt_pin.h"

#include "base/hex.h"

#include <mosquitto.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <string.h>

bool mqtt_pin_is_wanted(const struct port_mqtt_config *config)
{
    return config->fingerprints[0][0] != '\0' || config->fingerprints[1][0] != '\0';
}

/* Hex digits with blanks or colons between them. Anything else is a pin that nothing fits. */
static size_t read_pin(const char *text, uint8_t out[32])
{
    char digits[64];
    size_t n = 0;

    for (; *text && n < sizeof(digits); text++) {
        if (*text != ' ' && *text != ':')
            digits[n++] = *text;
    }
    if ((n != 40 && n != 64) || !hex_decode(digits, n, out, 32))
        return 0;
    return n / 2;
}

static bool fits(const struct mqtt_pin *pin, X509 *certificate, const EVP_MD *hash)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    if (!X509_digest(certificate, hash, digest, &len))
        return false;
    for (size_t i = 0; i < 2; i++) {
        if (pin->pins[i].len == len && memcmp(pin->pins[i].bytes, digest, len) == 0)
            return true;
    }
    return false;
}

static void note_refused(struct mqtt_pin *pin, X509 *certificate)
{
    uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned len = 0;

    if (X509_digest(certificate, EVP_sha256(), digest, &len) && len == 32)
        hex_encode(digest, len, HEX_UPPER, pin->refused);
}

/* In the place of the whole check of the chain. */
static int verify(X509_STORE_CTX *store, void *user)
{
    struct mqtt_pin *pin = user;
    X509 *certificate = X509_STORE_CTX_get0_cert(store);

    if (certificate && (fits(pin, certificate, EVP_sha1()) || fits(pin, certificate, EVP_sha256())))
        return 1;
    if (certificate)
        note_refused(pin, certificate);
    X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
    return 0;
}

int mqtt_pin_set(struct mqtt_pin *pin, struct mosquitto *client,
                 const struct port_mqtt_config *config)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());

    if (!context)
        return MOSQ_ERR_NOMEM;
    for (size_t i = 0; i < 2; i++)
        pin->pins[i].len = read_pin(config->fingerprints[i], pin->pins[i].bytes);
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    SSL_CTX_set_cert_verify_callback(context, verify, pin);
    int error = mosquitto_void_option(client, MOSQ_OPT_SSL_CTX, context);
    if (error == MOSQ_ERR_SUCCESS)
        error = mosquitto_int_option(client, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0);
    SSL_CTX_free(context); /* the client has a reference of its own */
    return error;
}
